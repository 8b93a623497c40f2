// From the words of a command line down the commands and their sub-commands, and help for each level.
#include <algorithm>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/help.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// Flags in front of a command that the command does not see: the reference ignores them without a word.
void warn_of_ignored(const Environment& environment, const Options& global, std::string_view command) {
  constexpr std::array heard = std::to_array<std::string_view>(
      {"config", "indent", "mac-only-encrypted", "unencrypted-comment-regex", "encrypted-comment-regex", "verbose", "strict",
       "disable-version-check", "check-for-updates"});
  for (const std::string_view name : global.given_names()) {
    if (std::find(heard.begin(), heard.end(), name) != heard.end()) continue;
    environment.warn_secrecy("--" + std::string(name) + " in front of `" + std::string(command) +
                             "` has no effect; put it behind the command");
  }
}

// `name` is the command whose sub-commands were looked through; of the program itself there are too many to list.
Error no_help_topic(std::string_view topic, std::string_view name, Commands among) {
  Error error(ExitCode::could_not_write_output, "No help topic for '" + quoted(topic) + "'");
  if (name.empty()) return error;
  std::string known;
  for (const Command* command : among) known += (known.empty() ? "" : ", ") + std::string(command->name);
  return error.hint("`" + std::string(name) + "` has: " + known);
}

std::string name_below(std::string_view name, const Command& command) {
  return name.empty() ? std::string(command.name) : std::string(name) + " " + std::string(command.name);
}

int run_sub_command(Environment& environment, const Command& command, std::string_view name, const Options& global,
                    std::size_t first) {
  std::size_t next = 0;
  const Options options =
      parse_options(command.flags, environment.args, first, FlagPosition::stop_at_word, environment, &next);
  hear_own_flags(environment, options);
  const std::span<const std::string> words = std::span(environment.args).subspan(next);
  if (words.empty() || options.on("help") || words[0] == "help" || words[0] == "h") {
    const auto topics = words.empty() || options.on("help") ? words.first(0) : words.subspan(1);
    if (!topics.empty()) return show_help(environment, command.commands, name, topics);
    environment.out(command_help(environment.program, name, command));
    return 0;
  }
  const Command* chosen = find_command(command.commands, words[0]);
  if (chosen == nullptr) throw no_help_topic(words[0], name, command.commands);
  return run_command(environment, *chosen, name_below(name, *chosen), global, next + 1);
}

}  // namespace

void hear_own_flags(Environment& environment, const Options& options) {
  environment.strict = environment.strict || options.on("strict");
  environment.verbose = environment.verbose || options.on("verbose");
}

const Command* find_command(Commands among, std::string_view name) {
  const auto found = std::find_if(among.begin(), among.end(), [&](const Command* c) { return c->name == name; });
  return found == among.end() ? nullptr : *found;
}

int show_help(Environment& environment, Commands among, std::string_view name, std::span<const std::string> topics) {
  const Command* command = nullptr;
  std::string full(name);
  for (const std::string& topic : topics) {
    if (command != nullptr && command->commands.empty()) break;  // the reference reads over further words
    const Commands level = command == nullptr ? among : command->commands;
    command = find_command(level, topic);
    if (command == nullptr) throw no_help_topic(topic, full, level);
    full = name_below(full, *command);
  }
  environment.out(command == nullptr ? general_help(environment.program)
                                     : command_help(environment.program, full, *command));
  return 0;
}

int run_command(Environment& environment, const Command& command, std::string_view name, const Options& global,
                std::size_t first) {
  if (!command.commands.empty()) return run_sub_command(environment, command, name, global, first);
  const Options options = parse_options(command.flags, environment.args, first, FlagPosition::anywhere, environment);
  if (options.on("help")) {
    environment.out(command_help(environment.program, name, command));
    return 0;
  }
  hear_own_flags(environment, options);
  warn_of_ignored(environment, global, name);
  return command.run(environment, {options, global, false});
}

}  // namespace leafseal::cli
