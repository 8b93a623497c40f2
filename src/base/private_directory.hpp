// A directory of our own for plaintext that another program must see (security.md F7): 0700, on a file system in memory
// where there is one, emptied and removed when the object ends and when a signal ends the process.
//
// What a killed process left behind is removed by the next (session_directory.hpp).
#pragma once

#include <string>

#include "base/session_directory.hpp"
#include "leafseal/environment.hpp"

namespace leafseal {

class PrivateDirectory {
 public:
  // One at a time: the signal handler knows a single directory. Throws Error{could_not_write_output}.
  explicit PrivateDirectory(const Environment& environment);
  ~PrivateDirectory();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;

  const std::string& path() const { return directory_.path; }

 private:
  SessionDirectory directory_;
};

}  // namespace leafseal
