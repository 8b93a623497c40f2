// Descriptor: an open file that closes itself, and the reads and writes that do not stop half way. Failures are
// reported by errno; file.cpp turns them into messages.
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

namespace leafseal {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  // False on an error that only shows now (full disk on a network file system).
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view bytes);
bool read_all(int fd, std::string& out, std::size_t limit);  // up to limit + 1 bytes: the caller sees an excess

// The reason as the reference prints it: the system's text, its first letter lower-case.
std::string reason(int error);

}  // namespace leafseal
