// How a failure is told: `leafseal: error: MESSAGE (line L, column C)` and its hints on stderr, or a log line of the
// reference's where that has one and no terminal reads (log_line.hpp).
#pragma once

#include "cli/options.hpp"
#include "leafseal/environment.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {

void report(const Environment& environment, const Error& error);
void report(const Environment& environment, const LoggedError& error);
// The level's help goes to stdout first, unless that is a terminal, which the message would scroll out of.
void report(const Environment& environment, const UsageError& error);

}  // namespace leafseal::cli
