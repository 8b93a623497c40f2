// Removing a directory with all that is in it, by system calls alone: safe in a signal handler.
#pragma once

namespace leafseal {

// Errors are ignored: what cannot be removed stays.
void remove_tree(const char* path) noexcept;

}  // namespace leafseal
