// Patience: what a process may lose to services that do not answer, or drag (security.md N4: a command waits for two
// minutes at most). A try that succeeds within a second costs nothing, so a command over thousands of files may run as
// long as it needs; one that waits in vain ends. Threads that wait at the same time lose that time once.
#pragma once

#include <chrono>
#include <mutex>

namespace leafseal {

class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Patience(std::chrono::milliseconds total) : total_(total) {}
  std::chrono::milliseconds left();  // 0 when it is used up
  // A try that failed or a pause before the next one.
  void lost(Clock::time_point begin, Clock::time_point end);
  // A try that brought an answer.
  void answered(Clock::time_point begin, Clock::time_point end) { lost(begin + std::chrono::seconds(1), end); }

 private:
  std::chrono::milliseconds total_;
  std::mutex mutex_;
  std::chrono::milliseconds lost_{0};
  Clock::time_point counted_to_ = Clock::time_point::min();
};

// The two minutes that all requests of this process share.
Patience& process_patience();

}  // namespace leafseal
