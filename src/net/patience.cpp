#include "net/patience.hpp"

#include <algorithm>

namespace leafseal {

using std::chrono::milliseconds;

milliseconds Patience::left() {
  const std::lock_guard lock(mutex_);
  return std::max(milliseconds(0), total_ - lost_);
}

void Patience::lost(Clock::time_point begin, Clock::time_point end) {
  const std::lock_guard lock(mutex_);
  begin = std::max(begin, counted_to_);
  if (end <= begin) return;
  lost_ += std::chrono::duration_cast<milliseconds>(end - begin);
  counted_to_ = end;
}

Patience& process_patience() {
  static Patience all{std::chrono::minutes(2)};
  return all;
}

}  // namespace leafseal
