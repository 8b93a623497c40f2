// Running a command in our place (spec: cli.md 3.9): it has our terminal and streams, gets the signals that are sent to
// us, and what its end says is what ours will say.
#pragma once

#include <string>
#include <vector>

#include "base/process.hpp"

namespace leafseal {

struct CommandEnd {
  int exit_code = 0;         // 255 when a signal ended it
  int signal = 0;
  bool by_terminal = false;  // the signal came from our terminal too: who started us expects us to die of it
};

// Signals that reach us while it runs are passed on, and we wait for what the command makes of them. A signal from the
// terminal reaches the command by itself and is not doubled; one that was ignored when we started stays ignored.
// Throws Error{generic} when the command cannot be started.
CommandEnd run_in_our_place(const std::vector<std::string>& words, const ChildOptions& options,
                            const Environment& environment);

}  // namespace leafseal
