#include "base/stand_in.hpp"

#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/child_start.hpp"

namespace leafseal {
namespace {

constexpr std::array passed_on = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1, SIGUSR2};

volatile sig_atomic_t running_child = 0;
volatile sig_atomic_t terminal_signal = 0;

void pass_on(int signal, siginfo_t* info, void*) {
  const int error = errno;
  if (info->si_code > 0) {  // from the kernel: the whole process group has it
    terminal_signal = signal;
  } else if (running_child > 0) {
    kill(static_cast<pid_t>(running_child), signal);
  }
  errno = error;
}

// Our part in signals for the life of the object. They are held until a child is named, and again from its end on: a
// process id that is free again may be somebody else's.
class PassedOn {
 public:
  PassedOn() {
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : passed_on) sigaddset(&held, signal);
    sigprocmask(SIG_BLOCK, &held, &mask_before_);
    struct sigaction action = {};
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    for (std::size_t i = 0; i < passed_on.size(); ++i) {
      sigaction(passed_on[i], nullptr, &actions_before_[i]);
      if (actions_before_[i].sa_handler == SIG_IGN && passed_on[i] != SIGPIPE) continue;
      sigaction(passed_on[i], &action, nullptr);
    }
    struct sigaction reaping = {};
    reaping.sa_handler = SIG_DFL;  // where it is ignored, a child's end says nothing
    sigaction(SIGCHLD, &reaping, &reaping_before_);
  }
  ~PassedOn() {
    running_child = 0;
    for (std::size_t i = 0; i < passed_on.size(); ++i) sigaction(passed_on[i], &actions_before_[i], nullptr);
    sigaction(SIGCHLD, &reaping_before_, nullptr);
    sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  PassedOn(const PassedOn&) = delete;
  PassedOn& operator=(const PassedOn&) = delete;

  // Until the child has ended; its end is not collected yet, so its process id is still its own.
  void wait_for_end_of(int pid) {
    running_child = pid;
    sigset_t held;
    sigprocmask(SIG_SETMASK, &mask_before_, &held);
    siginfo_t end;
    while (waitid(P_PID, static_cast<id_t>(pid), &end, WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
    sigprocmask(SIG_SETMASK, &held, nullptr);
    running_child = 0;
    drop_late_signals();
  }

 private:
  // What came after the end was meant for the command, and our own end is near: it must not end us by its default.
  static void drop_late_signals() {
    sigset_t late;
    sigemptyset(&late);
    for (const int signal : passed_on) sigaddset(&late, signal);
    const timespec at_once = {};
    while (sigtimedwait(&late, nullptr, &at_once) > 0) continue;
  }

  sigset_t mask_before_;
  std::array<struct sigaction, passed_on.size()> actions_before_;
  struct sigaction reaping_before_;
};

}  // namespace

CommandEnd run_in_our_place(const std::vector<std::string>& words, const ChildOptions& options,
                            const Environment& environment) {
  PassedOn signals;
  terminal_signal = 0;
  const int pid = start_child(words, {}, options, environment);
  signals.wait_for_end_of(pid);
  const ChildResult result = wait_for_child(pid);
  return {result.exit_code, result.signal, result.signal != 0 && result.signal == terminal_signal};
}

}  // namespace leafseal
