#include "base/signals.hpp"

namespace leafseal {

HoldSignals::HoldSignals() {
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : ending_signals) sigaddset(&held, signal);
  sigprocmask(SIG_BLOCK, &held, &before_);
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGXFSZ, &ignore, &file_size_before_);
}

HoldSignals::~HoldSignals() {
  sigaction(SIGXFSZ, &file_size_before_, nullptr);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace leafseal
