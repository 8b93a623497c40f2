#include "base/served_pipe.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <utility>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

// Signals are the command's business; what ends this process is SIGKILL, also when its parent dies first.
void die_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
}

void write_and_end(int pipe, std::string_view content) {
  write_all(pipe, content);
  ::_exit(0);
}

// Each reader gets a pipe of its own: as soon as one has opened the pipe, a fresh one takes its place under the same
// name. Else what was written for the second would reach the first, who is still reading.
[[noreturn]] void serve(const char* path, const char* next, std::string_view content, pid_t parent) {
  die_with(parent);
  for (;;) {
    const int pipe = ::open(path, O_WRONLY | O_CLOEXEC);  // waits for a reader
    if (pipe < 0) ::_exit(1);
    if (::mkfifo(next, 0600) != 0 || ::rename(next, path) != 0) ::unlink(path);
    const pid_t self = ::getpid();
    const pid_t writer = ::fork();
    if (writer == 0) {
      die_with(self);
      write_and_end(pipe, content);
    }
    if (writer < 0) write_all(pipe, content);
    ::close(pipe);
  }
}

void detach_from_streams() {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd <= 2; ++fd) ::dup2(null, fd);
}

}  // namespace

ServedPipe::ServedPipe(const std::string& path, std::string_view content) : path_(path) {
  const std::string next = parent_directory(path) + "/." + base_name(path) + ".next";
  if (::mkfifo(path.c_str(), 0600) != 0) {
    throw Error(ExitCode::generic, "mkfifo " + quoted(path) + ": " + reason(errno));
  }
  const pid_t parent = ::getpid();
  sigset_t all, before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);  // in the server for good
  server_ = ::fork();
  if (server_ == 0) {
    std::signal(SIGCHLD, SIG_IGN);  // nobody asks how a writer ended
    detach_from_streams();
    serve(path.c_str(), next.c_str(), content, parent);
  }
  const int error = errno;
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  if (server_ < 0) throw Error(ExitCode::generic, "fork: " + reason(error));
}

ServedPipe::ServedPipe(ServedPipe&& other) noexcept
    : path_(std::move(other.path_)), server_(std::exchange(other.server_, -1)) {}

ServedPipe::~ServedPipe() {
  if (server_ < 0) return;
  ::kill(server_, SIGKILL);
  while (::waitpid(server_, nullptr, 0) < 0 && errno == EINTR) continue;
  // A reader that the command left behind may wait for a writer: it gets one, and the end of the file.
  const Descriptor last(::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  ::unlink(path_.c_str());
}

}  // namespace leafseal
