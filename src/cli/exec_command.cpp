#include "cli/exec_command.hpp"

#include <unistd.h>

#include <csignal>

#include "cli/audit.hpp"
#include "cli/key_variables.hpp"

namespace leafseal::cli {
namespace {

constexpr int cannot_be_run = 126, not_found = 127;  // as shells say it

Error missing_words(const Options& options) {
  Error error(ExitCode::generic, "missing file to decrypt");
  if (options.words.size() > 2) return error.hint("a command of several words goes behind --");
  return error.hint("FILE and 'COMMAND' are needed, or FILE -- PROGRAM ARGUMENT...");
}

// `-- "$@"` with a single word: a program's path needs no shell, and with a blank in it must not go through one.
bool is_program(const std::string& word) {
  return word.find('/') != std::string::npos && ::access(word.c_str(), X_OK) == 0;
}

}  // namespace

ExecCall read_exec_call(const Options& options) {
  const std::vector<std::string>& words = options.words;
  const std::vector<std::string> named = options.list("file");
  const bool dashes = options.words_before_end && *options.words_before_end < words.size();
  std::size_t in_front = dashes ? *options.words_before_end : words.size() - std::min<std::size_t>(words.size(), 1);
  if (dashes && in_front == 0 && named.empty() && words.size() == 2) in_front = 1;  // `-- FILE COMMAND`
  if (words.empty() || in_front > 1 || in_front + named.size() == 0) throw missing_words(options);

  ExecCall call;
  const auto command = words.begin() + static_cast<std::ptrdiff_t>(in_front);
  call.files.assign(words.begin(), command);
  call.files.insert(call.files.end(), named.begin(), named.end());
  call.command.assign(command, words.end());
  call.by_shell = call.command.size() == 1 && !(dashes && is_program(call.command[0]));
  if (call.by_shell) call.command = {"/bin/sh", "-c", call.command[0]};
  return call;
}

ExecInput open_exec_file(const Environment& environment, const CommandLine& line, const std::string& file,
                         const std::optional<Config>& config) {
  Input input;
  input.path = input.name = file;  // messages show it as it was given
  const Stores stores = choose_stores(line, file, config);
  return {open_file(environment, line, input, *stores.input, Purpose::reading), stores};
}

std::optional<UserAccount> become_asked_user(const CommandLine& line) {
  const auto name = line.options.text("user");
  if (!name) return std::nullopt;
  UserAccount account = find_user(*name);
  become_user(account);
  return account;
}

ChildOptions exec_environment(const CommandLine& line, const std::optional<UserAccount>& user) {
  ChildOptions options;
  if (line.options.on("hide-keys")) options.unset.assign(key_variables.begin(), key_variables.end());
  if (user) options.set = {{"HOME", user->home}, {"USER", user->name}, {"LOGNAME", user->name}};
  return options;
}

CommandEnd run_exec_command(const Environment& environment, const ExecCall& call, const ChildOptions& options) {
  end_audit();
  try {
    return run_in_our_place(call.command, options, environment);
  } catch (const Error& error) {
    if (call.by_shell) throw;
    const bool found = !find_program(call.command[0], environment).empty();
    throw error.under(static_cast<ExitCode>(found ? cannot_be_run : not_found), "");
  }
}

int exit_like(const Environment& environment, const ExecCall& call, const CommandEnd& end) {
  if (end.by_terminal) {  // who started us, a shell in a loop say, ends only if we end by it
    std::signal(end.signal, SIG_DFL);
    ::raise(end.signal);
  }
  if (end.signal != 0 || (call.by_shell && end.exit_code != 0)) {
    ChildResult result;
    result.signal = end.signal;
    result.exit_code = end.exit_code;
    environment.err(environment.program + ": error: " + describe_end(result) + "\n");
  }
  return end.exit_code;
}

}  // namespace leafseal::cli
