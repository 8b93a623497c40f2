// Signals around work that must not be cut in half.
#pragma once

#include <csignal>

namespace leafseal {

// The signals by which people and sessions end a program.
inline constexpr int ending_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE};

// Holds the ending signals back for the life of the object, so a file is not left half replaced and no temporary file
// stays behind. What arrived meanwhile takes effect at the end. Writing beyond a file size limit becomes an error
// instead of a signal.
class HoldSignals {
 public:
  HoldSignals();
  ~HoldSignals();
  HoldSignals(const HoldSignals&) = delete;
  HoldSignals& operator=(const HoldSignals&) = delete;

 private:
  sigset_t before_;
  struct sigaction file_size_before_;
};

}  // namespace leafseal
