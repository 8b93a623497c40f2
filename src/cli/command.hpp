// Command: how a command is called, what it does in one sentence, and what it runs. One command, one file.
#pragma once

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

struct Command {
  std::string_view name;
  std::string_view arguments;
  std::string_view summary;
  std::string_view examples;  // lines `what for` and `    command`
  std::span<const Flag> flags;
  int (*run)(Environment&, const CommandLine&);
};

extern const Command encrypt_command;
extern const Command decrypt_command;
extern const Command edit_command;
extern const Command set_command;
extern const Command unset_command;
extern const Command filestatus_command;
extern const Command check_command;

// All of them, in listing order.
std::span<const Command* const> commands();
// The flags in front of a command, which also are those of the legacy form.
std::span<const Flag> global_flags();

int run_legacy(Environment& environment, const CommandLine& line);

}  // namespace leafseal::cli
