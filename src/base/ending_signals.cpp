#include "base/ending_signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

volatile std::sig_atomic_t first_signal = 0;
volatile std::sig_atomic_t pipe_end = -1;

void note(int signal) {
  const int error = errno;
  if (first_signal == 0) first_signal = signal;
  const char byte = 0;
  [[maybe_unused]] const ssize_t written = ::write(pipe_end, &byte, 1);
  errno = error;
}

}  // namespace

EndingSignals::EndingSignals() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw Error(ExitCode::generic, "cannot make a pipe: " + reason(errno));
  reader_ = Descriptor(ends[0]);
  writer_ = Descriptor(ends[1]);
  first_signal = 0;
  pipe_end = ends[1];
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < std::size(signals); ++i) {
    ::sigaction(signals[i], nullptr, &before_[i]);
    if (signals[i] != SIGHUP || before_[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
  }
}

EndingSignals::~EndingSignals() {
  for (std::size_t i = 0; i < std::size(signals); ++i) ::sigaction(signals[i], &before_[i], nullptr);
}

int EndingSignals::arrived() const { return first_signal; }

}  // namespace leafseal
