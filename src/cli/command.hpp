// Command: how a command is called, what it does in one sentence, and what it runs. One command, one file. A command may
// have commands of its own (`groups add`): then it runs nothing itself, and its help lists them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"
#include "leafseal/environment.hpp"

namespace leafseal::cli {

struct CommandLine {
  const Options& options;  // the command's own; in the legacy form the global ones
  const Options& global;
  bool legacy = false;  // -e, -d, a bare FILE: differs in a few checks (cli.md 3.15)

  // A flag that stands before the command or behind it. The reference ignores some of the former without a word.
  std::optional<std::string> anywhere(std::string_view name) const;
};

struct Command;
using Commands = std::span<const Command* const>;

struct Command {
  std::string_view name;  // the last word of it: `add` of `groups add`
  std::string_view arguments;
  std::string_view summary;
  std::string_view examples;  // lines `what for` and `    command`
  std::span<const Flag> flags;
  int (*run)(Environment&, const CommandLine&);  // nullptr where there are sub-commands
  Commands commands = {};
  bool logs_failures = false;  // its failures of status 1 are LoggedErrors, as in the reference
};

extern const Command completion_command;
extern const Command exec_env_command;
extern const Command exec_file_command;
extern const Command encrypt_command;
extern const Command decrypt_command;
extern const Command edit_command;
extern const Command set_command;
extern const Command unset_command;
extern const Command publish_command;
extern const Command filestatus_command;
extern const Command groups_command;
extern const Command groups_add_command;
extern const Command groups_delete_command;
extern const Command rotate_command;
extern const Command updatekeys_command;
extern const Command check_command;
extern const Command keyservice_command;
extern const Command keygen_command;
extern const Command init_command;
extern const Command config_command;
extern const Command doctor_command;

// All of them, in listing order.
Commands commands();
const Command* find_command(Commands among, std::string_view name);  // nullptr: none is called so
// The flags in front of a command, which also are those of the legacy form.
std::span<const Flag> global_flags();

// Runs the command whose name, in full, is `name` on the words from args[first] on, or the sub-command that they name.
// Throws Error{could_not_write_output} "No help topic for ..." where they name none, with the reference's code.
int run_command(Environment& environment, const Command& command, std::string_view name, const Options& global,
                std::size_t first);

// --verbose, --quiet, --color and --strict stand at every level.
void hear_own_flags(Environment& environment, const Options& options);

// `help TOPIC...`: the help of the command that the topics lead to. `name` is the one whose commands are `among`, in
// full; empty: the program itself.
int show_help(Environment& environment, Commands among, std::string_view name, std::span<const std::string> topics);

int run_legacy(Environment& environment, const CommandLine& line);

}  // namespace leafseal::cli
