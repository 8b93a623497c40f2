// From the words of a command line down the commands and their sub-commands, and help for each level.
#include <algorithm>

#include "base/edit_distance.hpp"
#include "cli/command.hpp"
#include "cli/help.hpp"
#include "cli/help_topics.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// What commands hear although they have no such flag.
constexpr std::array global_only = std::to_array<std::string_view>(
    {"config", "indent", "mac-only-encrypted", "unencrypted-comment-regex", "encrypted-comment-regex"});

template <std::size_t size>
bool is_among(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Flags in front of a command. The reference hears a few of them and ignores the rest without a word; here they count
// for a command that has them. Not those that say where the result goes: what was printed so far stays printed.
void hear_flags_in_front(const Environment& environment, Options& options, const Options& global,
                         std::string_view command) {
  constexpr std::array ours = std::to_array<std::string_view>(
      {"filename-override", "disable-version-check", "check-for-updates", "verbose", "quiet", "color", "strict"});
  constexpr std::array destinations = std::to_array<std::string_view>({"in-place", "output", "extract"});
  for (const std::string_view name : global.given_names()) {
    if (is_among(global_only, name) || is_among(ours, name)) continue;
    const bool known = options.declares(name);
    if (known && !is_among(destinations, name)) {
      options.adopt(global, name);
      continue;
    }
    environment.warn_secrecy("--" + std::string(name) + " in front of `" + std::string(command) + "` has no effect" +
                             (known ? "; put it behind the command" : ": it is no flag of that command"));
  }
}

// `name` is the command whose sub-commands were looked through; of the program itself there are too many to list.
Error no_help_topic(std::string_view topic, std::string_view name, Commands among) {
  Error error(ExitCode::could_not_write_output, "No help topic for '" + quoted(topic) + "'");
  std::vector<std::string_view> names;
  for (const Command* command : among) names.push_back(command->name);
  if (name.empty()) {
    for (const HelpTopic& other : help_topics()) names.push_back(other.name);
    const std::string_view meant = nearest_word(topic, names);
    return meant.empty() ? error : error.hint("did you mean `help " + std::string(meant) + "`?");
  }
  std::string known;
  for (const std::string_view one : names) known += (known.empty() ? "" : ", ") + std::string(one);
  return error.hint("`" + std::string(name) + "` has: " + known);
}

std::string name_below(std::string_view name, const Command& command) {
  return name.empty() ? std::string(command.name) : std::string(name) + " " + std::string(command.name);
}

// Reads a level's flags. A usage error gets the level's help, and a hint where the flag has its place elsewhere.
Options options_of(const Environment& environment, const Command& command, std::string_view name, std::size_t first,
                   FlagPosition position, std::size_t* next = nullptr) {
  try {
    return parse_options(command.flags, environment.args, first, position, environment, next);
  } catch (UsageError& error) {
    error.help = command_help(environment, name, command);
    const std::string called(name);
    if (is_among(global_only, error.unknown_flag)) {
      error.hint("--" + error.unknown_flag + " stands in front of the command: " + environment.program + " --" +
                 error.unknown_flag + " ... " + called + " ...");
    } else if (error.hints().empty()) {
      error.hint("`" + environment.program + " " + called + " --help` shows its flags");
    }
    throw;
  }
}

int run_sub_command(Environment& environment, const Command& command, std::string_view name, const Options& global,
                    std::size_t first) {
  std::size_t next = 0;
  const Options options = options_of(environment, command, name, first, FlagPosition::stop_at_word, &next);
  hear_own_flags(environment, options);
  const std::span<const std::string> words = std::span(environment.args).subspan(next);
  if (words.empty() || options.on("help") || words[0] == "help" || words[0] == "h") {
    const auto topics = words.empty() || options.on("help") ? words.first(0) : words.subspan(1);
    if (!topics.empty()) return show_help(environment, command.commands, name, topics);
    environment.out(command_help(environment, name, command));
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
  environment.quiet = environment.quiet || options.on("quiet");
  const std::string when = options.text("color").value_or("auto");
  if (when != "auto" && when != "always" && when != "never") {
    throw LoggedError(Error(ExitCode::generic, "invalid value \"" + quoted(when) + "\" for flag -color",
                            {"it is auto, always or never"}));
  }
  if (when != "auto") environment.colour_out = environment.colour_err = when == "always";
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
    if (command == nullptr && full.empty()) {
      if (const HelpTopic* other = find_help_topic(topic)) {
        environment.out(topic_help(environment, *other));
        return 0;
      }
    }
    if (command == nullptr) throw no_help_topic(topic, full, level);
    full = name_below(full, *command);
  }
  environment.out(command == nullptr ? general_help(environment) : command_help(environment, full, *command));
  return 0;
}

int run_command(Environment& environment, const Command& command, std::string_view name, const Options& global,
                std::size_t first) {
  if (!command.commands.empty()) return run_sub_command(environment, command, name, global, first);
  Options options = options_of(environment, command, name, first, FlagPosition::anywhere);
  if (options.on("help")) {
    environment.out(command_help(environment, name, command));
    return 0;
  }
  hear_own_flags(environment, options);
  hear_flags_in_front(environment, options, global, name);
  try {
    return command.run(environment, {options, global, false});
  } catch (const Error& error) {
    if (command.logs_failures && error.code() == ExitCode::generic) throw LoggedError(error);
    throw;
  }
}

}  // namespace leafseal::cli
