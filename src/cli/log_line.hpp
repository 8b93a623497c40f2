// The reference's log lines, as it writes them where no terminal reads: `[CMD]\t time="..." level=fatal msg="..."`.
// Usage errors and the failures of a few commands have this shape there (spec: cli.md 1.2), and scripts see it.
// Everything else that leafseal says has its own.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace leafseal::cli {

// With its line break. `now` is shown in local time with its offset.
std::string fatal_log_line(std::string_view message, std::time_t now);

}  // namespace leafseal::cli
