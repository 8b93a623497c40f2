// Help: examples first, flags after.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace leafseal::cli {

std::string general_help(const std::string& program);
std::string command_help(const std::string& program, const Command& command);

}  // namespace leafseal::cli
