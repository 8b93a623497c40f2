#include "base/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace leafseal {
namespace {

constexpr int deepest = 16;  // editors make a directory or two, not more

void empty_directory(int directory, int depth) noexcept {
  alignas(dirent64) char buffer[4096];
  for (;;) {
    const long got = ::syscall(SYS_getdents64, directory, buffer, sizeof buffer);
    if (got <= 0) return;
    for (long at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      if (::strcmp(entry->d_name, ".") == 0 || ::strcmp(entry->d_name, "..") == 0) continue;
      if (::unlinkat(directory, entry->d_name, 0) == 0 || errno != EISDIR) continue;
      if (depth == deepest) continue;
      const int inner = ::openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (inner < 0) continue;
      empty_directory(inner, depth + 1);
      ::close(inner);
      ::unlinkat(directory, entry->d_name, AT_REMOVEDIR);
    }
  }
}

}  // namespace

void remove_tree(const char* path) noexcept {
  // A program that is just ending may still add a file: hence more than one try.
  for (int tries = 0; tries < 4; ++tries) {
    const int directory = ::open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0) return;
    empty_directory(directory, 0);
    ::close(directory);
    if (::rmdir(path) == 0 || errno != ENOTEMPTY) return;
  }
}

}  // namespace leafseal
