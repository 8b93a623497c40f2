// Help that belongs to no command: `leafseal help exit-codes|environment|formats|keys`. A test compares each text with
// the code that it describes (tests/documents/help_topics.py).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace leafseal::cli {

struct HelpTopic {
  std::string_view name;
  std::string_view summary;
  std::string (*text)();  // its examples call the program leafseal
};

std::span<const HelpTopic> help_topics();
const HelpTopic* find_help_topic(std::string_view name);  // nullptr: there is none

std::string exit_code_help();
std::string environment_help();
std::string format_help();
std::string key_help();

}  // namespace leafseal::cli
