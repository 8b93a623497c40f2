#include "base/private_directory.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include "base/remove_tree.hpp"
#include "base/signals.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

// --- what the signal handler needs, prepared beforehand: it may not allocate -----------------------------------------
struct Watched {
  char path[4096];
  char message[256];
  char children[64];  // /proc/self/task/TID/children
  pid_t owner;
  termios terminal;
  bool has_terminal;
};
Watched watched;
std::array<struct sigaction, std::size(ending_signals)> actions_before;

// Programs that we started and that still run, the editor above all, share the terminal and must not outlive us.
void end_children() noexcept {
  char text[256] = {};
  const int list = ::open(watched.children, O_RDONLY | O_CLOEXEC);
  if (list < 0) return;
  const ssize_t size = ::read(list, text, sizeof text - 1);
  ::close(list);
  int count = 0;
  for (const char* at = text; size > 0 && *at != '\0';) {
    pid_t pid = 0;
    for (; *at >= '0' && *at <= '9'; ++at) pid = pid * 10 + (*at - '0');
    while (*at == ' ') ++at;
    if (pid > 1 && ::kill(pid, SIGTERM) == 0) ++count;
  }
  for (int waited = 0; count > 0 && waited < 50; ++waited) {
    if (::waitpid(-1, nullptr, WNOHANG) > 0) {
      --count;
      continue;
    }
    const timespec pause = {0, 10'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

void on_ending_signal(int signal) {
  if (::getpid() != watched.owner) {  // a child of ours before its exec
    std::signal(signal, SIG_DFL);
    ::raise(signal);
    return;
  }
  remove_tree(watched.path);
  end_children();
  remove_tree(watched.path);  // an editor that is told to end may save
  if (watched.has_terminal) ::tcsetattr(STDIN_FILENO, TCSANOW, &watched.terminal);
  if (::write(STDERR_FILENO, watched.message, std::strlen(watched.message)) < 0) ::_exit(1);
  ::_exit(1);
}

void watch(const Environment& environment) {
  watched.path[0] = '\0';
  const std::string message = "\n" + environment.program + ": error: User canceled operation\n";
  message.copy(watched.message, sizeof watched.message - 1);
  const std::string children = "/proc/self/task/" + std::to_string(::gettid()) + "/children";
  children.copy(watched.children, sizeof watched.children - 1);
  watched.owner = ::getpid();
  watched.has_terminal = ::tcgetattr(STDIN_FILENO, &watched.terminal) == 0;
  struct sigaction action = {};
  action.sa_handler = on_ending_signal;
  for (const int signal : ending_signals) sigaddset(&action.sa_mask, signal);
  for (std::size_t i = 0; i < std::size(ending_signals); ++i) {
    sigaction(ending_signals[i], nullptr, &actions_before[i]);
    const bool ignored = actions_before[i].sa_handler == SIG_IGN;
    if (!ignored || ending_signals[i] == SIGPIPE) sigaction(ending_signals[i], &action, nullptr);
  }
}

void unwatch() {
  for (std::size_t i = 0; i < std::size(ending_signals); ++i) sigaction(ending_signals[i], &actions_before[i], nullptr);
}

// --- where -----------------------------------------------------------------------------------------------------------
bool in_memory(const std::string& directory) {
  struct statfs status = {};
  if (::statfs(directory.c_str(), &status) != 0) return false;
  return status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC;
}

bool usable(const std::string& directory) {
  return directory.starts_with('/') && ::access(directory.c_str(), W_OK | X_OK) == 0;
}

bool owned(const std::string& directory) {
  struct stat status = {};
  return ::stat(directory.c_str(), &status) == 0 && status.st_uid == ::geteuid();
}

// Best first.
std::vector<std::string> candidates(PrivateUse use, const Environment& environment) {
  std::vector<std::string> all;
  const std::string temporary = environment.variable("TMPDIR").value_or("");
  if (use == PrivateUse::command && usable(temporary)) all.push_back(temporary);
  const std::string runtime = environment.variable("XDG_RUNTIME_DIR").value_or("");
  if (usable(runtime) && owned(runtime) && in_memory(runtime)) all.push_back(runtime);
  if (usable("/dev/shm") && in_memory("/dev/shm")) all.emplace_back("/dev/shm");
  all.push_back(temporary.empty() ? "/tmp" : temporary);
  return all;
}

SessionDirectory make_in(const std::string& parent, PrivateUse use) {
  constexpr std::size_t longest_name = 64;
  if (parent.size() + longest_name > sizeof watched.path) {
    errno = ENAMETOOLONG;
    return {};
  }
  const HoldSignals hold;  // between its making and its being watched
  SessionDirectory made = make_session_directory(parent, use == PrivateUse::edit ? "edit" : "exec");
  watched.path[made.path.copy(watched.path, sizeof watched.path - 1)] = '\0';
  return made;
}

}  // namespace

PrivateDirectory::PrivateDirectory(PrivateUse use, const Environment& environment) {
  const std::vector<std::string> parents = candidates(use, environment);
  for (const std::string& parent : parents) remove_remains(parent);
  watch(environment);
  for (const std::string& parent : parents) {
    directory_ = make_in(parent, use);
    if (!directory_.path.empty()) return;
  }
  const int error = errno;
  unwatch();
  throw Error(ExitCode::could_not_write_output,
              "Could not create temporary directory: mkdir " + parents.back() + ": " + reason(error));
}

PrivateDirectory::~PrivateDirectory() {
  remove_tree(path().c_str());
  unwatch();
}

}  // namespace leafseal
