#include "base/descriptor.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace leafseal {

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool read_all(int fd, std::string& out, std::size_t limit) {
  struct stat status = {};
  std::size_t guess = 1 << 16;
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) guess = static_cast<std::size_t>(status.st_size) + 1;
  std::size_t used = 0;
  for (;;) {
    if (used == out.size()) out.resize(std::min(limit + 1, std::max(guess, used * 2)));
    const ssize_t got = ::read(fd, out.data() + used, out.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    used += static_cast<std::size_t>(got);
    if (got == 0 || used > limit) break;
  }
  out.resize(used);
  return true;
}

std::string reason(int error) {
  std::string text = std::strerror(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace leafseal
