// Help: examples first, flags after.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace leafseal::cli {

std::string general_help(const std::string& program);
// `name` is the command's in full: `groups add`.
std::string command_help(const std::string& program, std::string_view name, const Command& command);

}  // namespace leafseal::cli
