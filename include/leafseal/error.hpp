// What leafseal throws. A failure is an Error: thrown where it is known, caught once in main, which prints
// `leafseal: error: MESSAGE` and one `leafseal: hint: ...` line a hint, and exits with the code. An expected outcome
// (this key is not mine, this file holds no metadata) is a value and never an Error.
//
// Messages are lower case except for the reference's own phrases, hold no secret, and quote text from files only
// through quoted(), which makes control characters visible (security.md L4).
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace leafseal {

// The exit codes are interface: scripts test them (spec: cli.md 4).
enum class ExitCode : int {
  ok = 0,
  generic = 1,
  could_not_read_input = 2,
  could_not_write_output = 3,
  error_dumping_tree = 4,
  invalid_kms_context = 6,
  invalid_set_format = 7,
  conflicting_parameters = 8,
  strict_refusal = 10,
  error_encrypting_mac = 21,
  error_encrypting_tree = 23,
  error_decrypting_tree = 25,
  keys_of_missing_file = 49,
  mac_mismatch = 51,
  invalid_tree_path = 91,
  no_document = 92,
  no_file_specified = 100,
  duplicate_decryption_type = 112,
  could_not_retrieve_key = 128,
  file_not_modified = 200,
  no_editor = 201,
  already_encrypted = 203,
};

// Where in a text something went wrong; line and column count from 1, column in characters. line 0: not known.
struct Place {
  std::size_t line = 0;
  std::size_t column = 0;
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, std::string message, std::vector<std::string> hints = {})
      : std::runtime_error(std::move(message)), code_(code), hints_(std::move(hints)) {}
  Error(ExitCode code, std::string message, Place place, std::vector<std::string> hints = {})
      : std::runtime_error(std::move(message)), code_(code), hints_(std::move(hints)), place_(place) {}

  ExitCode code() const { return code_; }
  const std::vector<std::string>& hints() const { return hints_; }
  Place place() const { return place_; }

  Error& hint(std::string text) {
    hints_.push_back(std::move(text));
    return *this;
  }
  // The same failure as a command reports it: a syntax error is 2 when encrypting and 1 when decrypting, and only
  // the caller knows which phrase of the reference goes before it.
  Error under(ExitCode code, const std::string& prefix) const {
    Error copy(code, prefix + what(), place_, hints_);
    return copy;
  }

 private:
  ExitCode code_;
  std::vector<std::string> hints_;
  Place place_;
};

// Text from a file or the network, fit for a terminal: control characters as \xNN, cut after `limit` bytes.
std::string quoted(std::string_view text, std::size_t limit = 200);

}  // namespace leafseal
