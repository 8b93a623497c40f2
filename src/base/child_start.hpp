// Starting a child: the part that process.cpp's ways of talking to one have in common.
#pragma once

#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "base/process.hpp"

namespace leafseal {

struct PipeEnds {
  Descriptor read;
  Descriptor write;
};
PipeEnds make_pipe();  // both close-on-exec, and above 2: a child's own can be put there in any order

// What becomes the child's stdin, stdout and stderr; -1: inherited.
struct Standard {
  int in = -1;
  int out = -1;
  int err = -1;
};

// The process id. Throws Error{generic}, also when the program cannot be executed.
int start_child(const std::vector<std::string>& words, const Standard& standard, const ChildOptions& options,
                const Environment& environment);

// Waits for the end, whatever signals come in between.
ChildResult wait_for_child(int pid);

}  // namespace leafseal
