#include "cli/git_wiring.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "base/file.hpp"
#include "base/process.hpp"
#include "cli/secret_files.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

constexpr const char* driver = "diff.leafseal.textconv";

// What git prints, without the final break; nothing when it fails.
std::optional<std::string> git(const Environment& environment, std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "-C", environment.directory});
  ChildOptions options;
  options.discard_errors = true;
  const ChildResult result = run_child(words, "", options, environment);
  if (result.exit_code != 0) return std::nullopt;
  std::string text(result.output.view());
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string shown(const Environment& environment, const std::string& path) {
  const std::string here = environment.directory + "/";
  return quoted(path.starts_with(here) ? path.substr(here.size()) : path);
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text + "\n").find("\n" + line + "\n") != std::string::npos;
}

// Without a key, or where the file is not sealed, git shows what is there.
std::string textconv(const Environment& environment) {
  return "f() { " + environment.program + " decrypt -- \"$1\" 2>/dev/null || cat -- \"$1\"; }; f";
}

std::string hook_script(const std::string& program) {
  return "#!/bin/sh\n"
         "# Made by `" +
         program +
         " init`: no file that .sops.yaml calls secret is committed in clear. What is staged is\n"
         "# checked, which may be something else than what lies in the working tree.\n"
         "work=$(mktemp -d \"$(git rev-parse --absolute-git-dir)/leafseal-check-XXXXXX\") || exit 1\n"
         "trap 'rm -rf \"$work\"' EXIT\n"
         "trap 'exit 1' HUP INT TERM\n"
         "mkdir \"$work/tree\"\n"
         "git diff --cached --name-only --diff-filter=d -z >\"$work/files\"\n"
         "git ls-files -z -- .sops.yaml '*/.sops.yaml' | git checkout-index -z --stdin --prefix=\"$work/tree/\"\n"
         "git checkout-index -f -z --stdin --prefix=\"$work/tree/\" <\"$work/files\"\n"
         "if [ -e .sops.yaml ] && [ ! -e \"$work/tree/.sops.yaml\" ]; then cp .sops.yaml \"$work/tree/\"; fi\n"
         "cd \"$work/tree\" && xargs -0 -r " +
         program + " check -- <\"$work/files\"\n";
}

}  // namespace

std::optional<GitRepository> find_repository(const Environment& environment) {
  if (find_program("git", environment).empty()) return std::nullopt;
  const auto asked = git(environment, {"rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir",
                                       "--git-path", "hooks/pre-commit"});
  if (!asked) return std::nullopt;
  const std::size_t first = asked->find('\n');
  const std::size_t second = first == std::string::npos ? first : asked->find('\n', first + 1);
  if (second == std::string::npos) return std::nullopt;
  return GitRepository{asked->substr(0, first), asked->substr(first + 1, second - first - 1),
                       asked->substr(second + 1)};
}

void wire_diff(const Environment& environment, const GitRepository&, const Say& say) {
  const std::string path = environment.directory + "/.gitattributes";
  FileContent content;
  content.state.absent = !file_exists(path);
  if (!content.state.absent) content = read_file_to_replace(path);
  std::string text = content.text;
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  std::size_t added = 0;
  for (const std::string_view pattern : secret_attribute_patterns) {
    const std::string row = std::string(pattern) + " diff=leafseal";
    if (has_line(content.text, row)) continue;
    text += row + "\n";
    ++added;
  }
  if (added > 0) write_file(path, text, Privacy::sealed, &content.state);
  say(added == 0 ? "kept .gitattributes: it has the lines already"
                 : (content.state.absent ? "made .gitattributes: `git diff` shows sealed files decrypted"
                                         : "added " + std::to_string(added) + " lines to .gitattributes"));

  if (const auto present = git(environment, {"config", "--get", driver})) {
    say(std::string("kept ") + driver + " of git's configuration");
  } else if (git(environment, {"config", "--local", driver, textconv(environment)})) {
    say(std::string("set ") + driver + " in this clone's git configuration");
  } else {
    throw Error(ExitCode::generic, std::string("git config could not set ") + driver);
  }
}

void wire_hook(const Environment& environment, const GitRepository& repository, const Say& say) {
  const std::string line = environment.program + " check";
  const std::string framework = repository.top + "/.pre-commit-config.yaml";
  if (file_exists(framework)) {
    if (read_file(framework).find("leafseal") != std::string::npos) return say("kept " + shown(environment, framework));
    return say("left " + shown(environment, framework) + " alone; add this under its repos:\n" +
               "    - repo: local\n      hooks: [{id: leafseal, name: leafseal, entry: " + line + " --, language: system}]");
  }
  const std::string name = shown(environment, repository.hook);
  if (file_exists(repository.hook)) {
    const bool ours = read_file(repository.hook).find(line) != std::string::npos;
    return say(ours ? "kept " + name : "left " + name + " alone; let it run `" + line + "` on the staged files");
  }
  if (!repository.hook.starts_with(repository.common_dir + "/")) {
    return say("made no hook: core.hooksPath leads out of this repository, to " + name + "; let a hook there run `" +
               line + "` on the staged files");
  }
  make_directories(parent_directory(repository.hook));
  write_file(repository.hook, hook_script(environment.program), Privacy::sealed);
  if (::chmod(repository.hook.c_str(), 0755) != 0) {
    throw Error(ExitCode::could_not_write_output, "chmod " + repository.hook + ": " + reason(errno));
  }
  say("made " + name + ": what should be sealed is not committed in clear");
}

}  // namespace leafseal::cli
