#include "cli/help.hpp"

#include <algorithm>

#include "base/style.hpp"

namespace leafseal::cli {
namespace {

std::string flag_lines(std::span<const Flag> flags) {
  std::string text;
  for (const Flag& flag : flags) {
    std::string left = "  --" + std::string(flag.name);
    if (flag.letter != '\0') left += std::string(", -") + flag.letter;
    if (!flag.placeholder.empty()) left += " " + std::string(flag.placeholder);
    left += left.size() < 34 ? std::string(34 - left.size(), ' ') : "\n" + std::string(34, ' ');
    text += left + std::string(flag.help);
    if (!flag.variable.empty()) text += " [$" + std::string(flag.variable) + "]";
    text += "\n";
  }
  return text;
}

std::string listed(std::string_view name, std::string_view summary) {
  std::string left = "  " + std::string(name);
  left.resize(16, ' ');
  return left + std::string(summary) + "\n";
}

std::string command_lines(Commands commands) {
  std::string text;
  for (const Command* command : commands) text += listed(command->name, command->summary);
  return text;
}

// Examples are written for `leafseal`; under another name they show that one.
std::string with_program(std::string_view examples, const std::string& program) {
  std::string text;
  constexpr std::string_view placeholder = "leafseal ";
  for (std::size_t at = 0; at < examples.size();) {
    const std::size_t next = std::min(examples.find(placeholder, at), examples.size());
    text += examples.substr(at, next - at);
    if (next < examples.size()) text += program + " ";
    at = next == examples.size() ? next : next + placeholder.size();
  }
  return text;
}

std::string heading(const Environment& environment, const std::string& text) {
  return "\n" + styled(text, Style::bold, environment.colour_out) + "\n";
}

}  // namespace

std::string topic_help(const Environment& environment, const HelpTopic& topic) {
  return with_program(topic.text(), environment.program);
}

std::string general_help(const Environment& environment) {
  std::string text = with_program(
      "leafseal keeps secrets in files: values encrypted, keys and layout readable.\n\n"
      "Encrypt a file for the recipients that .sops.yaml names, in place:\n"
      "    leafseal encrypt -i secrets.yaml\n"
      "Edit it, with your editor on the decrypted text:\n"
      "    leafseal edit secrets.yaml\n"
      "Print it decrypted, or one value of it:\n"
      "    leafseal decrypt secrets.yaml\n"
      "    leafseal decrypt --extract '[\"db\"][\"password\"]' secrets.yaml\n"
      "Change one value from a script:\n"
      "    leafseal set secrets.yaml '[\"db\"][\"password\"]' --value-stdin < password.json\n",
      environment.program);
  text += heading(environment, "Commands:") + command_lines(commands());
  text += heading(environment, with_program("More help, by `leafseal help TOPIC`:", environment.program));
  for (const HelpTopic& topic : help_topics()) text += listed(topic.name, topic.summary);
  text += heading(environment, "Flags:");
  text += with_program(
      "`leafseal COMMAND --help` shows a command's. These stand in front of a command, or in the older form\n"
      "`leafseal [-e|-d] FILE`:\n",
      environment.program);
  return text + flag_lines(global_flags());
}

std::string command_help(const Environment& environment, std::string_view name, const Command& command) {
  const std::string arguments = (command.arguments.empty() ? "" : " ") + std::string(command.arguments);
  std::string text = styled(environment.program + " " + std::string(name), Style::bold, environment.colour_out) +
                     arguments + ": " + std::string(command.summary) + "\n\n" +
                     with_program(command.examples, environment.program);
  if (!command.commands.empty()) text += heading(environment, "Commands:") + command_lines(command.commands);
  return text + heading(environment, "Flags:") + flag_lines(command.flags);
}

}  // namespace leafseal::cli
