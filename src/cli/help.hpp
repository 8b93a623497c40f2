// Help: examples first, then commands, then flags. Headings are bold where stdout takes colours.
#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/help_topics.hpp"

namespace leafseal::cli {

std::string general_help(const Environment& environment);
// `name` is the command's in full: `groups add`.
std::string command_help(const Environment& environment, std::string_view name, const Command& command);
std::string topic_help(const Environment& environment, const HelpTopic& topic);

}  // namespace leafseal::cli
