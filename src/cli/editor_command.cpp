#include "cli/editor_command.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/file.hpp"
#include "base/process.hpp"
#include "cli/waiting_editor.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

Error no_editor(const std::string& text) {
  return {ExitCode::no_editor, "Could not run editor: " + text,
          {"set SOPS_EDITOR or EDITOR to the command of your editor, such as `vim` or `code --wait`"}};
}

// `vi` often is a link to vim or to a lesser vi.
bool is_vim(const std::string& program) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(program.c_str(), nullptr), std::free);
  for (const std::string& path : {program, std::string(real ? real.get() : "")}) {
    const std::string name = base_name(path);
    if (name.starts_with("vim") || name == "nvim" || name == "gvim" || name == "mvim") return true;
  }
  return false;
}

void ask_for_no_copies(std::vector<std::string>& words) {
  if (!is_vim(words[0])) return;
  words.insert(words.begin() + 1,
               {"-n", "-i", "NONE", "-c", "silent! set noswapfile nobackup nowritebackup noundofile viminfo="});
}

}  // namespace

std::vector<std::string> editor_command(const Environment& environment) {
  for (const std::string name : {"SOPS_EDITOR", "EDITOR", "VISUAL"}) {
    const auto command = environment.variable(name);
    if (!command) continue;
    auto words = split_command(*command);
    if (!words || words->empty()) throw no_editor("invalid $" + name + ": " + quoted(*command));
    const std::string program = find_program((*words)[0], environment);
    if (program.empty()) throw no_editor("exec: \"" + quoted((*words)[0]) + "\": executable file not found in $PATH");
    (*words)[0] = program;
    ask_to_wait(*words);
    ask_for_no_copies(*words);
    return *words;
  }
  for (const std::string name : {"vim", "nano", "vi"}) {
    std::vector<std::string> words = {find_program(name, environment)};
    if (words[0].empty()) continue;
    ask_for_no_copies(words);
    return words;
  }
  throw no_editor("no editor available: sops attempts to use the editor defined in the SOPS_EDITOR or EDITOR "
                  "environment variables, and if that's not set defaults to any of vim, nano, vi, but none of them "
                  "could be found");
}

}  // namespace leafseal::cli
