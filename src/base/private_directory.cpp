#include "base/private_directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "base/remove_tree.hpp"
#include "base/signals.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

constexpr std::string_view name_prefix = "leafseal-edit-";

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
  for (std::size_t i = 0; i < std::size(ending_signals); ++i) sigaction(ending_signals[i], &action, &actions_before[i]);
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
std::vector<std::string> candidates(const Environment& environment) {
  std::vector<std::string> all;
  const std::string runtime = environment.variable("XDG_RUNTIME_DIR").value_or("");
  if (usable(runtime) && owned(runtime) && in_memory(runtime)) all.push_back(runtime);
  if (usable("/dev/shm") && in_memory("/dev/shm")) all.emplace_back("/dev/shm");
  all.push_back(environment.variable("TMPDIR").value_or("/tmp"));
  return all;
}

// --- remains of others -----------------------------------------------------------------------------------------------
// Field 22 of /proc/PID/stat, the start time in clock ticks; empty when there is no such process.
std::string start_time(const std::string& pid) {
  std::string text;
  const Descriptor file(::open(("/proc/" + pid + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open() || !read_all(file.get(), text, 4096)) return "";
  std::size_t at = text.rfind(')');  // the name before it may hold blanks
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
  if (at == std::string::npos) return "";
  return text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

// `leafseal-edit-PID-START-XXXXXX` of a process that is no more.
bool is_left_over(const std::string& parent, const std::string& name) {
  if (!name.starts_with(name_prefix)) return false;
  const std::size_t pid_at = name_prefix.size();
  const std::size_t start_at = name.find('-', pid_at);
  const std::size_t end = start_at == std::string::npos ? start_at : name.find('-', start_at + 1);
  if (end == std::string::npos) return false;
  const std::string pid = name.substr(pid_at, start_at - pid_at);
  if (pid.empty() || pid.find_first_not_of("0123456789") != std::string::npos) return false;
  const std::string started = start_time(pid);
  // A process that is there but does not show its start may be the owner: its plaintext is not ours to remove.
  if (started.empty() && ::access(("/proc/" + pid).c_str(), F_OK) == 0) return false;
  return owned(parent + "/" + name) && started != name.substr(start_at + 1, end - start_at - 1);
}

void remove_remains(const std::string& parent) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(parent.c_str()), ::closedir);
  if (!directory) return;
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (is_left_over(parent, entry->d_name)) names.push_back(parent + "/" + entry->d_name);
  }
  for (const std::string& name : names) remove_tree(name.c_str());
}

std::string make_in(const std::string& parent) {
  const std::string pid = std::to_string(::getpid());
  std::string path = parent + "/" + std::string(name_prefix) + pid + "-" + start_time(pid) + "-XXXXXX";
  if (path.size() >= sizeof watched.path) return "";
  const HoldSignals hold;  // between its making and its being watched
  if (::mkdtemp(path.data()) == nullptr) return "";
  path.copy(watched.path, path.size());
  watched.path[path.size()] = '\0';
  return path;
}

}  // namespace

PrivateDirectory::PrivateDirectory(const Environment& environment) {
  const std::vector<std::string> parents = candidates(environment);
  for (const std::string& parent : parents) remove_remains(parent);
  watch(environment);
  for (const std::string& parent : parents) {
    path_ = make_in(parent);
    if (!path_.empty()) return;
  }
  const int error = errno;
  unwatch();
  throw Error(ExitCode::could_not_write_output,
              "Could not create temporary directory: mkdir " + parents.back() + ": " + reason(error));
}

PrivateDirectory::~PrivateDirectory() {
  remove_tree(path_.c_str());
  unwatch();
}

}  // namespace leafseal
