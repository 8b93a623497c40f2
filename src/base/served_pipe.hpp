// A named pipe that gives its content to whoever opens it (security.md F11): the plaintext is in no file. A reader gets
// the whole content and then the end. One that comes later gets it again, one that never comes holds nobody up, and one
// that leaves early harms nobody.
//
// The content is written by a process of its own that is killed with the object, and by the kernel should we die: an
// open for writing waits for a reader, and only a process can be ended while it waits.
#pragma once

#include <string>
#include <string_view>

namespace leafseal {

class ServedPipe {
 public:
  // Makes the pipe, mode 0600; its directory must be private. Throws Error{generic} "mkfifo PATH: REASON".
  ServedPipe(const std::string& path, std::string_view content);
  ~ServedPipe();  // ends readers that still wait, and removes the pipe
  ServedPipe(ServedPipe&& other) noexcept;
  ServedPipe(const ServedPipe&) = delete;
  ServedPipe& operator=(const ServedPipe&) = delete;
  ServedPipe& operator=(ServedPipe&&) = delete;

 private:
  std::string path_;
  int server_;
};

}  // namespace leafseal
