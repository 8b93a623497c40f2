#include "base/child_start.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/process_hardening.hpp"

namespace leafseal {
namespace {

Error system_error(const std::string& what, int number) {
  return Error(ExitCode::generic, what + ": " + reason(number));
}

Descriptor above_standard(int fd) {
  if (fd > 2) return Descriptor(fd);
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  const int number = errno;
  ::close(fd);
  if (moved < 0) throw system_error("cannot duplicate a descriptor", number);
  return Descriptor(moved);
}

std::vector<std::string> child_variables(const ChildOptions& options, const Environment& environment) {
  auto variables = options.inherit ? environment.variables : decltype(environment.variables)();
  for (const std::string& name : options.unset) variables.erase(name);
  for (const auto& [name, value] : options.set) variables.insert_or_assign(name, value);
  std::vector<std::string> out;
  out.reserve(variables.size());
  for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// Everything the child needs, made before the fork: after it, nothing may allocate.
class Image {
 public:
  Image(const std::vector<std::string>& words, const ChildOptions& options, const Environment& environment)
      : program_(words.empty() ? "" : find_program(words.front(), environment)),
        directory_(options.directory),
        arguments_(words),
        variables_(child_variables(options, environment)),
        argument_pointers_(pointers(arguments_)),
        variable_pointers_(pointers(variables_)) {
    if (words.empty()) throw Error(ExitCode::generic, "the command is empty");
    if (program_.empty())
      throw Error(ExitCode::generic, "exec: \"" + quoted(words.front()) + "\": executable file not found in $PATH");
    for (const std::string& variable : variables_)
      if (variable.find('\0') != std::string::npos)
        throw Error(ExitCode::generic, "exec: environment variable contains NUL");
  }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  const std::string& program() const { return program_; }
  // Returns only on failure, with errno set.
  void execute() const {
    if (!directory_.empty() && chdir(directory_.c_str()) != 0) return;
    execve(program_.c_str(), argument_pointers_.data(), variable_pointers_.data());
  }

 private:
  std::string program_;
  std::string directory_;
  std::vector<std::string> arguments_;
  std::vector<std::string> variables_;
  std::vector<char*> argument_pointers_;
  std::vector<char*> variable_pointers_;
};

void restore_signals() {
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction now;
    if (sigaction(number, nullptr, &now) == 0 && now.sa_handler != SIG_DFL &&
        (now.sa_handler != SIG_IGN || number == SIGPIPE))  // nohup's ignored SIGHUP stays ignored
      sigaction(number, &standard, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Image& image, const std::array<int, 3>& standard, int report) {
  restore_signals();
  restore_core_limit();
  bool ready = true;
  for (int fd = 0; fd < 3; ++fd) {
    const int from = standard[static_cast<std::size_t>(fd)];
    ready = ready && (from < 0 || dup2(from, fd) == fd);
  }
  if (ready) image.execute();
  const int number = errno;
  const ssize_t ignored = write(report, &number, sizeof number);
  _exit(ignored > 0 ? 127 : 126);
}

// 0 when the child closed the pipe by executing its program.
int reported_failure(const Descriptor& report) {
  int number = 0;
  ssize_t got;
  do got = read(report.get(), &number, sizeof number);
  while (got < 0 && errno == EINTR);
  return got == sizeof number ? number : 0;
}

// In the window between fork and exec the child must not run this process's handlers (they remove its files).
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

PipeEnds make_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) throw system_error("cannot create a pipe", errno);
  PipeEnds ends;
  ends.read = above_standard(fds[0]);
  ends.write = above_standard(fds[1]);
  return ends;
}

int start_child(const std::vector<std::string>& words, const Standard& standard, const ChildOptions& options,
                const Environment& environment) {
  const Image image(words, options, environment);
  Descriptor null;
  if (options.discard_errors && standard.err < 0) null = above_standard(open("/dev/null", O_WRONLY | O_CLOEXEC));
  PipeEnds report = make_pipe();
  const std::array<int, 3> ends = {standard.in, standard.out, null.get() >= 0 ? null.get() : standard.err};

  int pid;
  {
    const SignalsHeld held;
    pid = fork();
    if (pid == 0) become(image, ends, report.write.get());
  }
  if (pid < 0) throw system_error("fork", errno);
  report.write.close();
  if (const int number = reported_failure(report.read)) {
    wait_for_child(pid);
    throw system_error("fork/exec " + quoted(image.program()), number);
  }
  return pid;
}

void become_program(const std::vector<std::string>& words, const ChildOptions& options,
                    const Environment& environment) {
  const Image image(words, options, environment);
  restore_signals();
  restore_core_limit();
  image.execute();
  throw system_error("exec " + quoted(image.program()), errno);
}

void run_in_background(const std::vector<std::string>& words, const ChildOptions& options,
                       const Environment& environment) {
  const Descriptor null = above_standard(open("/dev/null", O_RDWR | O_CLOEXEC));
  start_child(words, {null.get(), null.get(), null.get()}, options, environment);
}

ChildResult wait_for_child(int pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) throw system_error("cannot wait for a child", errno);
  ChildResult result;
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.exit_code = WIFSIGNALED(status) ? 255 : WEXITSTATUS(status);
  return result;
}

}  // namespace leafseal
