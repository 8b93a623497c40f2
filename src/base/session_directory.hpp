// The directories of sessions, as other processes see them (security.md F7): each is owned by the process that made it,
// and what dead owners left behind is removed.
//
// An owner shows that it lives by a lock (flock) on its directory, which the kernel drops with the process: that holds
// across pid namespaces and where /proc hides processes. Process and start time in the name say the same where a file
// system knows no locks. Only a directory whose lock is free and whose named process is no more is taken for a remain.
#pragma once

#include <string>

#include "base/descriptor.hpp"

namespace leafseal {

struct SessionDirectory {
  std::string path;   // empty: it could not be made, errno says why
  Descriptor lock{};  // the directory is ours as long as this is open
};

// A new directory, 0700, `leafseal-KIND-PID-START-XXXXXX`; the kind is `edit` or `exec`.
SessionDirectory make_session_directory(const std::string& parent, const std::string& kind);

// Removes what this user's dead sessions left in `parent`. Errors are ignored: what cannot be judged stays.
void remove_remains(const std::string& parent);

}  // namespace leafseal
