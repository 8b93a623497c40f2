// help exit-codes (spec: cli.md 4).
#include <array>

#include "cli/help_topics.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

struct Meaning {
  ExitCode code;
  std::string_view text;
};

constexpr std::array meanings = std::to_array<Meaning>({
    {ExitCode::ok, "success"},
    {ExitCode::generic, "an error without a status of its own: no rule, no metadata, a path that is not there, usage"},
    {ExitCode::could_not_read_input, "the input cannot be read or parsed"},
    {ExitCode::could_not_write_output, "the output cannot be written; also `help` for what does not exist"},
    {ExitCode::error_dumping_tree, "the result cannot be expressed in the output type"},
    {ExitCode::invalid_kms_context, "--encryption-context is malformed"},
    {ExitCode::invalid_set_format, "path or value of `set` or `unset` is malformed"},
    {ExitCode::conflicting_parameters, "options that exclude each other, or a selector that does not compile"},
    {ExitCode::strict_refusal, "refused under --strict"},
    {ExitCode::error_encrypting_tree, "the values cannot be encrypted"},
    {ExitCode::error_decrypting_tree, "a value cannot be decrypted: it was changed after it was encrypted"},
    {ExitCode::keys_of_missing_file, "recipients to be changed of a file that does not exist"},
    {ExitCode::mac_mismatch, "the MAC does not fit: values were changed, added, removed or reordered"},
    {ExitCode::invalid_tree_path, "the path of --extract is malformed"},
    {ExitCode::no_document, "the input holds no document"},
    {ExitCode::no_file_specified, "no file, or one that does not exist"},
    {ExitCode::duplicate_decryption_type, "a kind of key twice in --decryption-order"},
    {ExitCode::could_not_retrieve_key, "no private key opens the file"},
    {ExitCode::file_not_modified, "`edit`: nothing was changed"},
    {ExitCode::no_editor, "no editor, or it failed"},
    {ExitCode::already_encrypted, "the file is encrypted already"},
});

}  // namespace

std::string exit_code_help() {
  std::string text =
      "Test for a status:\n    leafseal decrypt secrets.yaml > plain.yaml || [ $? -eq 51 ]\n\nThe statuses are those "
      "of sops:\n";
  for (const auto& [code, meaning] : meanings) {
    std::string left = "  " + std::to_string(static_cast<int>(code));
    left.resize(8, ' ');
    text += left + std::string(meaning) + "\n";
  }
  return text;
}

}  // namespace leafseal::cli
