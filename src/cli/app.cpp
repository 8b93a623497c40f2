#include "cli/app.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <new>

#include "base/edit_distance.hpp"
#include "base/file.hpp"
#include "base/process_hardening.hpp"
#include "cli/command.hpp"
#include "cli/complete.hpp"
#include "cli/help.hpp"
#include "cli/report.hpp"
#include "cli/user_config.hpp"
#include "cli/version.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// `leafseal decrpyt f` would open an editor on a new file called decrpyt.
void refuse_misspelt_command(const Environment& environment, const Options& global, const std::string& word) {
  constexpr std::array about_a_file = std::to_array<std::string_view>(
      {"encrypt", "decrypt", "rotate", "set", "input-type", "output-type", "filename-override"});
  const auto given = [&](std::string_view name) { return global.spelt_out(name); };
  if (std::any_of(about_a_file.begin(), about_a_file.end(), given)) return;
  if (word.find_first_of("./") != std::string::npos || file_exists(absolute_path(word, environment.directory))) return;
  std::vector<std::string_view> names;
  for (const Command* command : commands()) names.push_back(command->name);
  names.push_back("help");
  const std::string_view meant = nearest_within(word, names, std::min<std::size_t>(2, word.size() - 1));
  if (meant.empty()) return;
  throw Error(ExitCode::generic, "no command and no file is called " + quoted(word),
              {"did you mean `" + std::string(meant) + "`? a new file of that name: " + environment.program +
               " edit ./" + quoted(word)});
}

Options global_options(const Environment& environment, std::size_t* next) {
  try {
    return parse_options(global_flags(), environment.args, 1, FlagPosition::stop_at_word, environment, next);
  } catch (UsageError& error) {
    error.help = general_help(environment);
    if (error.hints().empty()) error.hint("`" + environment.program + " --help` shows the flags");
    throw;
  }
}

int dispatch(Environment& environment) {
  if (asks_for_completion(environment)) return answer_completion(environment);
  std::size_t next = 0;
  Options global = global_options(environment, &next);
  if (global.on("help")) return show_help(environment, commands(), "", {});
  if (global.on("version")) return show_version(environment, global);
  environment.strict = user_wants_strict(environment);
  hear_own_flags(environment, global);

  const std::vector<std::string> rest(environment.args.begin() + static_cast<std::ptrdiff_t>(next),
                                      environment.args.end());
  const std::string word = rest.empty() ? "" : rest[0];
  if (word == "__complete") return run_complete(environment, std::span(rest).subspan(1));
  if (word == "help" || word == "h") {
    return show_help(environment, commands(), "", std::span(rest).subspan(1));
  }
  if (const Command* command = find_command(commands(), word)) {
    return run_command(environment, *command, command->name, global, next + 1);
  }
  if (!word.empty()) refuse_misspelt_command(environment, global, word);
  global.words = rest;
  return run_legacy(environment, {global, global, true});
}

}  // namespace

std::optional<std::string> CommandLine::anywhere(std::string_view name) const {
  if (options.declares(name)) {
    if (auto value = options.text(name)) return value;
  }
  return global.declares(name) ? global.text(name) : std::nullopt;
}

Commands commands() {
  static constexpr std::array all = std::to_array<const Command*>(
      {&completion_command, &exec_env_command, &exec_file_command, &publish_command, &keyservice_command,
       &filestatus_command, &check_command, &groups_command, &updatekeys_command, &decrypt_command, &encrypt_command,
       &rotate_command, &edit_command, &set_command, &unset_command, &keygen_command, &init_command, &config_command,
       &doctor_command});
  return all;
}

int run(Environment& environment) {
  try {
    return dispatch(environment);
  } catch (const UsageError& error) {
    report(environment, error);
  } catch (const LoggedError& error) {
    report(environment, error);
  } catch (const Error& error) {
    report(environment, error);
    return static_cast<int>(error.code());
  } catch (const std::bad_alloc&) {
    environment.err(environment.program + ": error: out of memory\n");
  } catch (const std::exception&) {  // what it says may quote a secret (security.md L5)
    environment.err(environment.program + ": error: internal error; nothing was written\n");
  }
  return static_cast<int>(ExitCode::generic);
}

int main(int argc, char** argv) {
  harden_process();
  int code = static_cast<int>(ExitCode::generic);
  {
    Environment environment = process_environment(argc, argv);
    code = run(environment);
  }
  return code;
}

}  // namespace leafseal::cli
