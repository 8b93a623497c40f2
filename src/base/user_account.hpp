// Another user of this machine, and becoming that user for good (spec: cli.md 3.9, --user).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "leafseal/error.hpp"

namespace leafseal {

struct UserAccount {
  std::string name;
  std::string home;
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;  // all of the user's, `group` among them
};

// By login name only. Throws Error{generic} "user: unknown user NAME".
UserAccount find_user(const std::string& name);

// Gives up every right of the present user: groups first, then group, then user, real, effective and saved, and checks
// that there is no way back. Throws Error{generic}; the caller must not go on then.
void become_user(const UserAccount& account);

}  // namespace leafseal
