#include "base/session_directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

#include "base/remove_tree.hpp"

namespace leafseal {
namespace {

constexpr std::string_view name_prefix = "leafseal-";
constexpr std::string_view kinds[] = {"edit-", "exec-"};

// Field 22 of /proc/PID/stat, in clock ticks; empty when it cannot be read.
std::string start_time(const std::string& pid) {
  std::string text;
  const Descriptor file(::open(("/proc/" + pid + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open() || !read_all(file.get(), text, 4096)) return "";
  std::size_t at = text.rfind(')');  // the name before it may hold blanks
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
  if (at == std::string::npos) return "";
  return text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

// False only when it is certain: another process has the number by now, or none has.
bool may_live(const std::string& pid, std::string_view start) {
  const std::string started = start_time(pid);
  if (!started.empty() && !start.empty()) return started == start;
  return ::access(("/proc/" + pid).c_str(), F_OK) == 0;
}

bool names_a_dead_session(std::string_view name) {
  if (!name.starts_with(name_prefix)) return false;
  name.remove_prefix(name_prefix.size());
  const auto kind = std::find_if(std::begin(kinds), std::end(kinds), [&](auto text) { return name.starts_with(text); });
  if (kind == std::end(kinds)) return false;
  name.remove_prefix(kind->size());
  const std::size_t start_at = name.find('-');
  const std::size_t end = start_at == std::string_view::npos ? start_at : name.find('-', start_at + 1);
  if (end == std::string_view::npos) return false;
  const std::string pid(name.substr(0, start_at));
  if (pid.empty() || pid.find_first_not_of("0123456789") != std::string::npos) return false;
  return !may_live(pid, name.substr(start_at + 1, end - start_at - 1));
}

Descriptor open_directory(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// Whoever removes remains may take the lock between mkdtemp and here: then the directory is his to remove.
bool still_there(const Descriptor& directory) {
  struct stat status = {};
  return ::fstat(directory.get(), &status) == 0 && status.st_nlink > 0;
}

}  // namespace

SessionDirectory make_session_directory(const std::string& parent, const std::string& kind) {
  const std::string pid = std::to_string(::getpid());
  const std::string name = std::string(name_prefix) + kind + "-" + pid + "-" + start_time(pid) + "-XXXXXX";
  const std::string pattern = parent + "/" + name;
  for (int tries = 0; tries < 100; ++tries) {
    SessionDirectory made{pattern, Descriptor()};
    if (::mkdtemp(made.path.data()) == nullptr) return {};
    made.lock = open_directory(made.path);
    if (!made.lock.open()) {
      const int error = errno;
      if (error == ENOENT) continue;
      ::rmdir(made.path.c_str());
      errno = error;
      return {};
    }
    // Network file systems may refuse to lock a directory, to us as to those who would remove it.
    const bool taken = ::flock(made.lock.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && still_there(made.lock)) return made;
  }
  errno = EBUSY;
  return {};
}

void remove_remains(const std::string& parent) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(parent.c_str()), ::closedir);
  if (!directory) return;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (names_a_dead_session(entry->d_name)) names.push_back(parent + "/" + entry->d_name);
  }
  for (const std::string& name : names) {
    const Descriptor remain = open_directory(name);
    struct stat status = {};
    if (!remain.open() || ::fstat(remain.get(), &status) != 0 || status.st_uid != ::geteuid()) continue;
    if (::flock(remain.get(), LOCK_EX | LOCK_NB) == 0) remove_tree(name.c_str());
  }
}

}  // namespace leafseal
