// Questions that are answered by y or n on stdin, as the reference asks them before it changes recipients, uploads a
// file or uses a key for somebody else (spec: cli.md 10). Without an answer nothing is done.
#pragma once

#include <string>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

// Prints the question on stdout until the answer is y (true) or n. Throws Error{generic} at the end of stdin, for an
// empty line, and for several words.
bool approves(const Environment& environment, const std::string& question);

}  // namespace leafseal::cli
