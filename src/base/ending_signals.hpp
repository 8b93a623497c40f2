// For a program that serves until it is told to end: SIGINT, SIGTERM and SIGHUP make a descriptor readable instead of
// ending it. A SIGHUP that was ignored at the start stays ignored: nohup. One object at a time.
#pragma once

#include <csignal>

#include "base/descriptor.hpp"

namespace leafseal {

class EndingSignals {
 public:
  EndingSignals();  // throws Error{generic}
  ~EndingSignals();
  EndingSignals(const EndingSignals&) = delete;
  EndingSignals& operator=(const EndingSignals&) = delete;

  int descriptor() const { return reader_.get(); }
  int arrived() const;  // the first one, or 0

 private:
  static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
  Descriptor reader_, writer_;
  struct sigaction before_[3] = {};
};

}  // namespace leafseal
