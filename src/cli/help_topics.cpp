#include "cli/help_topics.hpp"

#include <algorithm>
#include <array>

namespace leafseal::cli {

std::span<const HelpTopic> help_topics() {
  static constexpr std::array topics = std::to_array<HelpTopic>({
      {"exit-codes", "what each exit status means", exit_code_help},
      {"environment", "the variables that are read", environment_help},
      {"formats", "which files are taken, and what becomes of them", format_help},
      {"keys", "where private keys are looked for", key_help},
  });
  return topics;
}

const HelpTopic* find_help_topic(std::string_view name) {
  const auto all = help_topics();
  const auto found = std::find_if(all.begin(), all.end(), [&](const HelpTopic& topic) { return topic.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace leafseal::cli
