// Work that goes on when the program has returned.
#pragma once

#include <functional>

namespace leafseal {

// Does `work` in a process that nobody waits for, without our stdin, stdout and stderr. Returns when it has called
// ready(). Throws Error{generic} with what went wrong before that.
void go_on_in_background(const std::function<void(const std::function<void()>& ready)>& work);

}  // namespace leafseal
