#include "cli/app.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <new>

#include "base/edit_distance.hpp"
#include "base/file.hpp"
#include "base/process_hardening.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/user_config.hpp"
#include "cli/version.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

constexpr std::array later_commands = std::to_array<std::string_view>(
    {"completion", "exec-env", "exec-file", "publish", "keyservice", "groups", "updatekeys", "rotate"});

Error not_in_this_release(std::string_view what) {
  return {ExitCode::generic, std::string(what) + " is not part of this release",
          {"files are interchangeable: sops can do it on the same file"}};
}

// `leafseal decrpyt f` would open an editor on a new file called decrpyt.
void refuse_misspelt_command(const Environment& environment, const std::string& word) {
  if (word.find_first_of("./") != std::string::npos || file_exists(absolute_path(word, environment.directory))) return;
  std::vector<std::string_view> names(later_commands.begin(), later_commands.end());
  for (const Command* command : commands()) names.push_back(command->name);
  const std::string_view meant = nearest_word(word, names);
  if (meant.empty()) return;
  throw Error(ExitCode::generic, "no command and no file is called " + quoted(word),
              {"did you mean `" + std::string(meant) + "`? a new file of that name: " + environment.program +
               " edit ./" + quoted(word)});
}

int dispatch(Environment& environment) {
  std::size_t next = 0;
  Options global =
      parse_options(global_flags(), environment.args, 1, FlagPosition::stop_at_word, environment, &next);
  if (global.on("help")) return show_help(environment, commands(), "", {});
  if (global.on("version")) return show_version(environment, global);
  environment.strict = user_wants_strict(environment);
  hear_own_flags(environment, global);

  const std::vector<std::string> rest(environment.args.begin() + static_cast<std::ptrdiff_t>(next),
                                      environment.args.end());
  const std::string word = rest.empty() ? "" : rest[0];
  if (word == "help" || word == "h") {
    return show_help(environment, commands(), "", std::span(rest).subspan(1));
  }
  if (const Command* command = find_command(commands(), word)) {
    return run_command(environment, *command, command->name, global, next + 1);
  }
  if (std::find(later_commands.begin(), later_commands.end(), word) != later_commands.end()) {
    throw not_in_this_release("`" + word + "`");
  }
  if (global.on("rotate")) throw not_in_this_release("--rotate");
  if (!word.empty() && global.given_names().empty()) refuse_misspelt_command(environment, word);
  global.words = rest;
  return run_legacy(environment, {global, global, true});
}

void print_error(const Environment& environment, const Error& error) {
  std::string text = environment.program + ": error: " + error.what();
  if (error.place().line != 0) {
    text += " (line " + std::to_string(error.place().line);
    if (error.place().column != 0) text += ", column " + std::to_string(error.place().column);
    text += ")";
  }
  text += "\n";
  for (const std::string& hint : error.hints()) text += environment.program + ": hint: " + hint + "\n";
  environment.err(text);
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
      {&filestatus_command, &check_command, &decrypt_command, &encrypt_command,
       &edit_command, &set_command, &unset_command});
  return all;
}

int run(Environment& environment) {
  try {
    return dispatch(environment);
  } catch (const Error& error) {
    print_error(environment, error);
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
