#include "cli/help.hpp"

#include <algorithm>

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

std::string command_lines(Commands commands) {
  std::string text;
  for (const Command* command : commands) {
    std::string name = "  " + std::string(command->name);
    name.resize(16, ' ');
    text += name + std::string(command->summary) + "\n";
  }
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

}  // namespace

std::string general_help(const std::string& program) {
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
      "    leafseal set secrets.yaml '[\"db\"][\"password\"]' --value-stdin < password.json\n\n"
      "Commands:\n",
      program);
  text += command_lines(commands());
  text += with_program("\n`leafseal COMMAND --help` shows a command's flags. In front of a command, or in the older form\n"
                       "`leafseal [-e|-d] FILE`:\n",
                       program);
  return text + flag_lines(global_flags());
}

std::string command_help(const std::string& program, std::string_view name, const Command& command) {
  std::string text = program + " " + std::string(name) + " " + std::string(command.arguments) + ": " +
                     std::string(command.summary) + "\n\n" + with_program(command.examples, program);
  if (!command.commands.empty()) text += "\nCommands:\n" + command_lines(command.commands);
  return text + "\nFlags:\n" + flag_lines(command.flags);
}

}  // namespace leafseal::cli
