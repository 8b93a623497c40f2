#include "base/process_hardening.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace leafseal {
namespace {

struct rlimit core_limit_before = {RLIM_INFINITY, RLIM_INFINITY};
bool core_limit_lowered = false;

}  // namespace

void harden_process() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF && ::open("/dev/null", O_RDWR) != fd) std::abort();
  }
  if (::getrlimit(RLIMIT_CORE, &core_limit_before) == 0) {
    const struct rlimit none = {0, core_limit_before.rlim_max};  // the hard limit stays, so children can have theirs
    core_limit_lowered = ::setrlimit(RLIMIT_CORE, &none) == 0;
  }
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void restore_core_limit() {
  if (core_limit_lowered) ::setrlimit(RLIMIT_CORE, &core_limit_before);
}

}  // namespace leafseal
