// Where a user's age identities are looked for when no variable names another place (spec: recipients.md 3.2).
#pragma once

#include <string>

#include "leafseal/environment.hpp"

namespace leafseal::age {

struct UserFile {
  std::string path;   // $XDG_CONFIG_HOME/sops/age/keys.txt or ~/.config/...; empty: not known
  std::string error;  // why not, in the reference's words
};
UserFile user_file(const Environment& environment);

// `directory` without slashes at its end, a slash, `rest`.
std::string below(std::string directory, const char* rest);

}  // namespace leafseal::age
