#include "base/background.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/child_start.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

void leave_streams() {
  const Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (int fd = 0; fd <= 2; ++fd) ::dup2(null.get(), fd);
}

[[noreturn]] void do_work(const std::function<void(const std::function<void()>&)>& work, Descriptor report) {
  leave_streams();
  int code = 0;
  try {
    work([&] { report.close(); });
  } catch (const Error& error) {
    if (report.open()) write_all(report.get(), error.what());
    code = 1;
  } catch (const std::exception&) {  // what it says may quote a secret (security.md L5)
    if (report.open()) write_all(report.get(), "internal error");
    code = 1;
  }
  ::_exit(code);
}

}  // namespace

void go_on_in_background(const std::function<void(const std::function<void()>& ready)>& work) {
  PipeEnds report = make_pipe();
  const pid_t pid = ::fork();
  if (pid < 0) throw Error(ExitCode::generic, "fork: " + reason(errno));
  if (pid == 0) {
    report.read.close();
    do_work(work, std::move(report.write));
  }
  report.write.close();
  std::string failure;
  read_all(report.read.get(), failure, 4096);
  if (!failure.empty()) throw Error(ExitCode::generic, failure);
}

}  // namespace leafseal
