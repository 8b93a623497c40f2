// Preloaded into the program by faults.py: counts its system calls that touch files and makes the FAULT_AT-th fail, or
// kills the process there.
//
//   FAULT_PROGRAM  acts only in the program of this name, not in its children
//   FAULT_REPORT   every counted call is appended to this file as a line
//   FAULT_AT       the number of the call, from 1
//   FAULT_KIND     KILL (a write first gets half its bytes out), ENOSPC, EIO, or HALF (a write writes half and says so)
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

namespace {

enum class Fault { none, kill, half, error };

struct Plan {
  bool active = false;
  long at = 0;
  Fault fault = Fault::none;
  int error = EIO;
  int report = -1;
  long calls = 0;
};

Plan& plan() {
  static Plan made = [] {
    Plan p;
    const char* program = std::getenv("FAULT_PROGRAM");
    p.active = program != nullptr && std::strcmp(program, program_invocation_short_name) == 0;
    if (const char* report = std::getenv("FAULT_REPORT"); p.active && report != nullptr) {
      p.report = static_cast<int>(syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    }
    const char* at = std::getenv("FAULT_AT");
    p.at = at == nullptr ? 0 : std::atol(at);
    const char* kind = std::getenv("FAULT_KIND");
    if (kind == nullptr) return p;
    p.fault = std::strcmp(kind, "KILL") == 0 ? Fault::kill : std::strcmp(kind, "HALF") == 0 ? Fault::half : Fault::error;
    if (std::strcmp(kind, "ENOSPC") == 0) p.error = ENOSPC;
    return p;
  }();
  return made;
}

// What to do at this call.
Fault next(const char* name) {
  Plan& p = plan();
  if (!p.active) return Fault::none;
  ++p.calls;
  if (p.report >= 0) {
    const int error = errno;
    syscall(SYS_write, p.report, name, std::strlen(name));
    syscall(SYS_write, p.report, "\n", 1UL);
    errno = error;
  }
  return p.calls == p.at ? p.fault : Fault::none;
}

// True: the call fails, errno is set. Does not come back from KILL.
bool fails(const char* name) {
  switch (next(name)) {
    case Fault::kill: syscall(SYS_kill, getpid(), SIGKILL); return true;
    case Fault::error: errno = plan().error; return true;
    default: return false;
  }
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return fails("open") ? -1 : static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return fails("open") ? -1 : static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return fails("openat") ? -1 : static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

ssize_t write(int fd, const void* data, size_t size) {
  const Fault fault = next("write");
  if (fault == Fault::error) {
    errno = plan().error;
    return -1;
  }
  if (fault == Fault::none) return static_cast<ssize_t>(syscall(SYS_write, fd, data, size));
  const long half = syscall(SYS_write, fd, data, size > 1 ? size / 2 : size);
  if (fault == Fault::kill) syscall(SYS_kill, getpid(), SIGKILL);
  return static_cast<ssize_t>(half);
}

int fsync(int fd) { return fails("fsync") ? -1 : static_cast<int>(syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { return fails("fdatasync") ? -1 : static_cast<int>(syscall(SYS_fdatasync, fd)); }
int ftruncate(int fd, off_t size) { return fails("ftruncate") ? -1 : static_cast<int>(syscall(SYS_ftruncate, fd, size)); }

int rename(const char* from, const char* to) noexcept {
  return fails("rename") ? -1 : static_cast<int>(syscall(SYS_rename, from, to));
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  return fails("renameat2") ? -1 : static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

int link(const char* from, const char* to) noexcept {
  return fails("link") ? -1 : static_cast<int>(syscall(SYS_link, from, to));
}

int unlink(const char* path) noexcept { return fails("unlink") ? -1 : static_cast<int>(syscall(SYS_unlink, path)); }

// A failing close has closed all the same.
int close(int fd) {
  const bool failing = fails("close");
  const int error = errno;
  const int done = static_cast<int>(syscall(SYS_close, fd));
  if (!failing) return done;
  errno = error;
  return -1;
}

}  // extern "C"
