// Progress: how far a command over many files has come, in one line on stderr that is drawn over and over and is gone
// before anything else is printed. Only for people: stderr is a terminal that can erase a line, nobody said --quiet, and
// it is no CI run (TERM=dumb, CI). What is over within a moment shows nothing.
#pragma once

#include <chrono>
#include <mutex>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

class Progress {
 public:
  // Of `total` files; fewer than two show nothing. While it lives, what is printed or asked through `environment` wipes
  // the line first: make it before whoever copies the environment. `environment` must outlive it.
  Progress(Environment& environment, std::size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether it may be worth telling; else reached() does nothing.
  bool shown() const { return shown_; }
  // So many files are done. Draws at most ten times a second, and never across a question.
  void reached(std::size_t done);

  static constexpr std::chrono::milliseconds interval{100};

 private:
  using Clock = std::chrono::steady_clock;

  void wipe();  // under the lock

  Environment& environment_;
  const std::size_t total_;
  const bool shown_;
  decltype(Environment::out) out_;
  decltype(Environment::err) err_;
  decltype(Environment::ask_secret) ask_secret_;
  decltype(Environment::ask) ask_;
  Clock::time_point next_;
  bool drawn_ = false;
  std::mutex mutex_;
};

}  // namespace leafseal::cli
