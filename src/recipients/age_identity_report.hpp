// What can be told of the private age keys of this user and of what they open, without asking anybody and without
// starting a program: for `doctor`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/environment.hpp"
#include "leafseal/secret.hpp"
#include "recipients/age_identities.hpp"

namespace leafseal {

struct AgeSourceReport {
  enum class State : std::uint8_t {
    absent,      // not set, or no such file
    ready,       // holds identities
    empty,       // was read and holds none
    command,     // names a program, which was not run
    unreadable,  // cannot be read or understood
  };
  std::string location;  // the variable or path, as messages name it
  State state = State::absent;
  std::string path;      // of the file that was read; empty for texts and commands
  std::string problem;   // of an unreadable one
  std::vector<std::string> identities;  // what each is
  std::vector<std::string> plugins;     // the names of those that need one
};

struct AgeAttempt {
  SecretBytes key;                   // empty: nobody opened it without being asked
  std::string opened_by;             // the source
  std::vector<std::string> might;    // what would have to be asked or started, and might open it
  std::string problem;               // why nothing opened it
};

// Reads all sources once. `environment` must outlive it.
class AgeIdentityReport {
 public:
  explicit AgeIdentityReport(const Environment& environment);
  std::vector<AgeSourceReport> sources();
  AgeAttempt attempt(std::string_view enc, std::string_view recipient);

 private:
  Environment quiet_;  // no questions, no messages
  AgeIdentities identities_;
};

// NAME of `age1NAME1...`, empty for other recipients.
std::string plugin_of_recipient(std::string_view recipient);

}  // namespace leafseal
