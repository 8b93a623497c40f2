// What exec-env and exec-file have in common: the words that name files and a command, and running the command (spec:
// cli.md 3.9, 3.10).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "base/stand_in.hpp"
#include "base/user_account.hpp"
#include "cli/open_file.hpp"
#include "cli/stores.hpp"

namespace leafseal::cli {

inline constexpr std::array exec_flags = std::to_array<Flag>({
    {"file", 'f', FlagKind::list, "", "FILE", "one more file; may be given several times"},
    {"user", '\0', FlagKind::text, "", "NAME", "run the command as this user, with none of the present rights"},
    {"hide-keys", '\0', FlagKind::toggle, "", "", "keep SOPS_AGE_KEY and the like from the command"},
    {"background", '\0', FlagKind::toggle, "", "", "do not wait for the command; deprecated"},
});

struct ExecCall {
  std::vector<std::string> files;    // as given
  std::vector<std::string> command;  // a program and its arguments; of one word for the shell: /bin/sh -c WORD
  bool by_shell = false;
};

// `FILE COMMAND`, `FILE -- PROGRAM ARGUMENT...`, either with more files by --file. Throws Error{generic}.
ExecCall read_exec_call(const Options& options);

// One of the files, opened.
struct ExecInput {
  OpenedFile file;
  Stores stores;
};
ExecInput open_exec_file(const Environment& environment, const CommandLine& line, const std::string& file,
                         const std::optional<Config>& config);

// --user: looks the user up, and becomes it for good. Nothing may be decrypted afterwards.
std::optional<UserAccount> become_asked_user(const CommandLine& line);

// The environment of the command but for what it is to get from the files.
ChildOptions exec_environment(const CommandLine& line, const std::optional<UserAccount>& user);

// Runs it to its end. A program that cannot be started is 127 or 126, as shells say it.
CommandEnd run_exec_command(const Environment& environment, const ExecCall& call, const ChildOptions& options);

// The exit code for that end: the command's own, 255 when a signal ended it. Says what the reference says of it. Where
// the terminal's signal ended it, this process ends by the same: all cleaning up must be done.
int exit_like(const Environment& environment, const ExecCall& call, const CommandEnd& end);

}  // namespace leafseal::cli
