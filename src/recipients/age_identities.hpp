// AgeIdentities: every place where a private age key may be (spec: recipients.md 3.2), read once per run and shared by
// all recipients of one registry. The two variables that name a command are the exception: it is run once for each
// recipient, which it is told, because it may answer differently.
//
// Many threads may ask; they are answered one after another, so that no two passphrases are asked for at once.
//
// A source that cannot be read or is malformed goes into the list of errors and never hides the others.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/age_identity_file.hpp"

namespace leafseal {

class AgeIdentities {
 public:
  explicit AgeIdentities(const Environment& environment) : environment_(environment) {}
  AgeIdentities(const AgeIdentities&) = delete;
  AgeIdentities& operator=(const AgeIdentities&) = delete;

  // Opens an age file that was made for `recipient`, which is told to the commands and otherwise not used.
  UnwrapResult unwrap(std::string_view enc, const std::string& recipient);
  // The same by the identity of that public key, if it can be read from a variable or a regular file and needs no
  // passphrase; nothing if there is none. Says nothing about what else it met.
  std::optional<UnwrapResult> unwrap_at_hand(std::string_view enc, const age::PublicKey& recipient);
  // Whether unwrap() may start a program or ask for a passphrase; null where the recipient's text is none.
  UnwrapCost unwrap_cost(const age::PublicKey* recipient);

 private:
  friend class AgeIdentityReport;

  // A pipe that some source names is read once, and not before it is needed.
  enum class Reading { nothing, regular_files, all };

  struct Source {
    std::string location;  // the variable or path, as messages name it
    bool present = false;  // the variable is set, the file is there
    bool read = false;     // and could be read
    std::string error;
    age::Identities identities;
  };
  // In the order in which they are tried and named.
  enum Place { ssh_file, ssh_command, ssh_ed25519, ssh_rsa, key, key_file, key_command, user_file, places };

  // What the two commands answered for a recipient.
  struct Answers {
    Source ssh_key, keys;
  };

  void load(Reading reading);
  void load_ssh();
  void load_user_file();
  Answers run_commands(const std::string& recipient);
  void place_answers(const std::string& recipient);
  void read_ssh_key(Source& source, const std::string& path);
  void read_identities(Source& source, std::string_view text, age::PerLine per_line);
  SecretBytes read_key_file(const std::string& path);
  std::optional<std::string> value(const char* variable) const;

  std::vector<age::Identity*> all() const;
  bool found_any() const;
  std::vector<std::string> missing() const;
  std::string circumstances() const;

  const Environment& environment_;
  std::mutex mutex_;
  Reading loaded_ = Reading::nothing;
  std::array<Source, places> sources_;
  std::map<std::string, Answers> answers_;  // by recipient; those of placed_ are in sources_
  std::optional<std::string> placed_;
  std::vector<std::string> errors_;  // that belong to no source
  std::string directory_error_;      // why the user's own file has no place
};

}  // namespace leafseal
