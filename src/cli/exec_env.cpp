// exec-env: a command with the values of a file in its environment (spec: cli.md 3.9).
#include "cli/command.hpp"
#include "cli/document_variables.hpp"
#include "cli/exec_command.hpp"
#include "cli/flags.hpp"

namespace leafseal::cli {
namespace {

VariableNames variable_names(const Options& options) {
  VariableNames names{options.text("prefix").value_or(""), options.text("flatten").value_or("")};
  for (const std::string& part : {names.prefix, names.separator}) {
    if (part.find('=') == std::string::npos) continue;
    throw Error(ExitCode::generic, "cannot use '=' in a variable's name: " + quoted(part));
  }
  return names;
}

void check_variables(const Environment& environment, const Variables& variables) {
  for (const auto& [name, value] : variables) {
    if (!steers_programs(name)) continue;
    const std::string text = "the file sets " + quoted(name) + ", which decides what programs run";
    if (environment.strict) throw Error(ExitCode::strict_refusal, text, {"rename the key, or use --prefix"});
    environment.warn_secrecy(text);
  }
}

Variables read_variables(const Environment& environment, const CommandLine& line, const ExecCall& call) {
  const VariableNames names = variable_names(line.options);
  const std::optional<Config> config = read_config(environment, line);
  Variables all;
  for (const std::string& file : call.files) {
    const Document tree = plain_tree(open_exec_file(environment, line, file, config).file.opened);
    for (auto& variable : document_variables(tree, names)) all.push_back(std::move(variable));
  }
  check_variables(environment, all);
  return all;
}

int run_exec_env(Environment& environment, const CommandLine& line) {
  const ExecCall call = read_exec_call(line.options);
  const bool background = line.options.on("background");
  const bool same_process = line.options.on("same-process");
  if (background) {
    environment.warn("exec-env's --background option is deprecated and will be removed in a future version of sops");
  }
  if (background && same_process) {
    throw Error(ExitCode::conflicting_parameters, "The --same-process flag cannot be used with --background");
  }
  Variables variables = read_variables(environment, line, call);
  ChildOptions options = exec_environment(line, become_asked_user(line));
  options.inherit = !line.options.on("pristine");
  for (auto& variable : variables) options.set.push_back(std::move(variable));

  if (same_process) become_program(call.command, options, environment);
  if (background) {
    run_in_background(call.command, options, environment);
    return 0;
  }
  return exit_like(environment, call, run_exec_command(environment, call, options));
}

constexpr auto env_flags = std::to_array<Flag>({
    {"pristine", '\0', FlagKind::toggle, "", "", "give the command no variables but those of the file"},
    {"same-process", '\0', FlagKind::toggle, "", "", "become the command instead of waiting for it"},
    {"prefix", '\0', FlagKind::text, "", "TEXT", "put TEXT in front of every variable's name"},
    {"flatten", '\0', FlagKind::text, "", "SEPARATOR", "make variables of nested values: their keys, joined"},
});
constexpr auto flags = joined(env_flags, exec_flags, decryption_flags, key_service_flags, own_flags);

}  // namespace

constinit const Command exec_env_command = {
    "exec-env",
    "FILE COMMAND",
    "run a command with a file's values in its environment",
    "Run a command in a shell:\n"
    "    leafseal exec-env secrets.env 'psql -h db -U \"$DB_USER\"'\n"
    "Run a program without a shell; its exit status is ours:\n"
    "    leafseal exec-env secrets.env -- ./server --port 8080\n"
    "Take several files, the last one wins, and nested values as db__password:\n"
    "    leafseal exec-env base.yaml -f production.yaml --flatten __ -- ./server\n",
    flags,
    run_exec_env,
};

}  // namespace leafseal::cli
