// The reference's log lines, as it writes them where no terminal reads: `[CMD]\t time="..." level=fatal msg="..."`.
// Usage errors and the failures of a few commands have this shape there (spec: cli.md 1.2), and scripts see it.
// Everything else that leafseal says has its own.
#pragma once

#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leafseal::cli {

// Both with their line break. `now` is shown in local time with its offset.
std::string fatal_log_line(std::string_view message, std::time_t now);

// `[LOGGER]\t time="..." level=info msg="..." field=value`: what the reference prints with --verbose.
using LogFields = std::vector<std::pair<std::string, std::string>>;
std::string info_log_line(std::string_view logger, std::string_view message, const LogFields& fields, std::time_t now);

}  // namespace leafseal::cli
