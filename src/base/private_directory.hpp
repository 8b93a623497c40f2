// A directory of our own for plaintext that another program must see (security.md F7, F11): 0700, emptied and removed
// when the object ends and when a signal ends the process. A signal that was ignored when we started stays ignored.
//
// What a killed process left behind is removed by the next (session_directory.hpp).
#pragma once

#include <string>

#include "base/session_directory.hpp"
#include "leafseal/environment.hpp"

namespace leafseal {

// What it is for, and so where it is best.
enum class PrivateUse {
  edit,    // in memory where that is possible, else in TMPDIR
  command, // for exec-file: in TMPDIR where it is set, else in memory, else in /tmp
};

class PrivateDirectory {
 public:
  // One at a time: the signal handler knows a single directory. Throws Error{could_not_write_output}.
  PrivateDirectory(PrivateUse use, const Environment& environment);
  ~PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;

  const std::string& path() const { return directory_.path; }

 private:
  SessionDirectory directory_;
};

}  // namespace leafseal
