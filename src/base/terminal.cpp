#include "base/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/descriptor.hpp"

namespace leafseal {
namespace {

volatile std::sig_atomic_t arrived = 0;

void note_signal(int signal) { arrived = signal; }

constexpr std::array caught_signals = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};

// While it lives signals are noted instead of taking effect, and only inside wait_for(): one that comes between two
// looks at `arrived` cannot be missed.
class CatchSignals {
 public:
  CatchSignals() {
    sigset_t caught;
    sigemptyset(&caught);
    for (const int signal : caught_signals) sigaddset(&caught, signal);
    sigprocmask(SIG_BLOCK, &caught, &mask_before_);
    struct sigaction note = {};
    note.sa_handler = note_signal;
    for (std::size_t i = 0; i < caught_signals.size(); ++i) sigaction(caught_signals[i], &note, &before_[i]);
  }
  ~CatchSignals() {
    for (std::size_t i = 0; i < caught_signals.size(); ++i) sigaction(caught_signals[i], &before_[i], nullptr);
    sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  void wait_for(int fd) const {
    pollfd input = {fd, POLLIN, 0};
    ::ppoll(&input, 1, nullptr, &mask_before_);
  }
  CatchSignals(const CatchSignals&) = delete;
  CatchSignals& operator=(const CatchSignals&) = delete;

 private:
  std::array<struct sigaction, caught_signals.size()> before_{};
  sigset_t mask_before_;
};

class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd), active_(::tcgetattr(fd, &before_) == 0) {
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL;
    ::tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  ~EchoOff() {
    if (active_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  int fd_;
  termios before_{};
  bool active_;
};

enum class LineEnd { line, end_of_input, signal };

LineEnd read_secret_line(int fd, const CatchSignals& signals, SecretBytes& line) {
  std::size_t size = 0;
  for (;;) {
    signals.wait_for(fd);
    if (arrived != 0) return LineEnd::signal;
    char c = 0;
    const ssize_t got = ::read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 && size == 0) return LineEnd::end_of_input;
    if (got <= 0 || c == '\n') break;
    if (size < line.size()) line.data()[size++] = static_cast<std::uint8_t>(c);
  }
  line.shrink(size);
  return LineEnd::line;
}

LineEnd ask_once(int fd, const std::string& prompt, SecretBytes& line) {
  arrived = 0;
  const CatchSignals signals;
  const EchoOff silent(fd);
  if (!write_all(fd, prompt)) return LineEnd::end_of_input;
  return read_secret_line(fd, signals, line);
}

}  // namespace

std::optional<SecretBytes> ask_secret_on_terminal(const std::string& prompt) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.open()) return std::nullopt;
  for (;;) {
    SecretBytes line(4096);
    const LineEnd end = ask_once(terminal.get(), prompt, line);
    if (end == LineEnd::line) return line;
    if (end == LineEnd::end_of_input) return std::nullopt;
    ::raise(arrived);  // after a stop the program goes on here and asks again
  }
}

std::optional<std::string> ask_on_terminal(const std::string& prompt) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.open() || !write_all(terminal.get(), prompt)) return std::nullopt;
  std::string line;
  for (char c = 0; ::read(terminal.get(), &c, 1) == 1 && c != '\n';) line.push_back(c);
  return line;
}

}  // namespace leafseal
