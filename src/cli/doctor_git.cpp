// doctor: the wiring between git and sealed files in this clone - drivers that .gitattributes names, the hook. Reads
// git's files and does not run git.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "base/file.hpp"
#include "base/process.hpp"
#include "cli/doctor_report.hpp"

namespace leafseal::cli {
namespace {

constexpr std::size_t size_limit = std::size_t{4} << 20;

std::string text_of(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  try {
    return read_file(path, size_limit);
  } catch (const Error&) {
    return {};
  }
}

struct Repository {
  std::string top;
  std::string git_directory;  // where configuration and hooks are
};

// A worktree's .git is a file that names its own directory, which names the common one.
std::string common_directory(const std::string& dot_git) {
  struct stat status = {};
  if (::stat(dot_git.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return dot_git;
  const auto line = [](std::string text) { return text.substr(0, text.find_first_of("\r\n")); };
  std::string own = line(text_of(dot_git));
  if (!own.starts_with("gitdir: ")) return {};
  own = absolute_path(own.substr(8), parent_directory(dot_git));
  const std::string common = line(text_of(own + "/commondir"));
  return common.empty() ? own : absolute_path(common, own);
}

std::optional<Repository> find_repository(const std::string& directory) {
  for (std::string at = directory;; at = parent_directory(at)) {
    if (const std::string dot_git = at + "/.git"; file_exists(dot_git)) return Repository{at, common_directory(dot_git)};
    if (at == "/") return std::nullopt;
  }
}

// `diff.NAME.textconv` and the like -> value, of all of git's files that apply here.
using Settings = std::map<std::string, std::string>;

void read_settings(const std::string& text, Settings& settings) {
  std::istringstream lines(text);
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string::npos || line[begin] == '#' || line[begin] == ';') continue;
    if (line[begin] == '[') {
      section = line.substr(begin + 1, line.find(']') - begin - 1);
      std::erase(section, '"');
      std::replace(section.begin(), section.end(), ' ', '.');
      continue;
    }
    const std::size_t equals = line.find('=');
    std::string name = line.substr(begin, std::min(equals, line.size()) - begin);
    name.erase(name.find_last_not_of(" \t") + 1);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    std::string value = equals == std::string::npos ? "true" : line.substr(equals + 1);
    value.erase(0, value.find_first_not_of(" \t"));
    settings[section + "." + name] = value;
  }
}

Settings all_settings(const Environment& environment, const Repository& repository) {
  Settings settings;
  const std::string base = environment.variable("XDG_CONFIG_HOME").value_or(environment.home() + "/.config");
  for (const std::string& path : {std::string("/etc/gitconfig"), base + "/git/config", environment.home() + "/.gitconfig",
                                  repository.git_directory + "/config"}) {
    read_settings(text_of(path), settings);
  }
  return settings;
}

// The drivers that the attributes of the top and of the working directory name: `diff.NAME`, `merge.NAME`.
std::set<std::string> named_drivers(const Environment& environment, const Repository& repository) {
  std::set<std::string> drivers;
  for (const std::string& path :
       {repository.top + "/.gitattributes", environment.directory + "/.gitattributes", repository.git_directory + "/info/attributes"}) {
    std::istringstream lines(text_of(path));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('#')) continue;
      std::istringstream words(line);
      for (std::string word; words >> word;) {
        if (word.starts_with("diff=")) drivers.insert("diff." + word.substr(5));
        if (word.starts_with("merge=")) drivers.insert("merge." + word.substr(6));
      }
    }
  }
  return drivers;
}

bool speaks_of_us(std::string_view text) {
  return text.find("leafseal") != std::string_view::npos || text.find("sops") != std::string_view::npos;
}

// The program that a driver's command starts with, where it is a plain word.
void examine_program(const Environment& environment, const std::string& key, std::string command, Report& report) {
  std::erase(command, '"');
  const std::string word = command.substr(0, command.find(' '));
  if (word.empty() || word.find_first_of("(){};$!&|'") != std::string::npos) return;
  if (!find_program(word, environment).empty()) return;
  report.problem("git", key + " runs " + quoted(word) + ", which is not on PATH", "install it, or correct: git config " + key);
}

void examine_driver(const Environment& environment, const std::string& driver, const Settings& settings, Report& report) {
  const bool diff = driver.starts_with("diff.");
  const std::string name = driver.substr(driver.find('.') + 1);
  // git has some of its own, and people have others that are nothing to us.
  if (!speaks_of_us(name)) return;
  const std::string key = driver + (diff ? ".textconv" : ".driver");
  const auto found = settings.find(key);
  const bool other = diff && settings.contains(driver + ".command");
  if (found == settings.end() && !other) {
    return report.problem("git", ".gitattributes names the driver " + quoted(driver) + ", which this clone does not have",
                          diff ? "git config " + quoted(key) + " \"" + environment.program + " decrypt\""
                               : "register it with git config, or git falls back to merging text");
  }
  report.ok("git", "the driver " + quoted(driver) + " is registered");
  if (found != settings.end()) examine_program(environment, key, found->second, report);
}

void examine_hook(const Repository& repository, const Settings& settings, Report& report) {
  std::string directory = repository.git_directory + "/hooks";
  if (const auto own = settings.find("core.hookspath"); own != settings.end()) directory = absolute_path(own->second, repository.top);
  const std::string hook = directory + "/pre-commit";
  const bool there = file_exists(hook);
  const bool runs = there && ::access(hook.c_str(), X_OK) == 0;
  if (speaks_of_us(text_of(repository.top + "/.pre-commit-config.yaml")) && !there) {
    return report.problem("git", ".pre-commit-config.yaml has our check, and no hook runs it in this clone", "pre-commit install");
  }
  if (there && !runs) {
    return report.problem("git", "the hook " + quoted(hook) + " cannot be executed: git passes it over", "chmod +x " + quoted(hook));
  }
  if (runs) return report.ok("git", "a pre-commit hook is there");
  report.note("git", "no pre-commit hook: nothing keeps files in clear out of commits", "`init` makes one that runs `check`");
}

}  // namespace

void examine_git(const Environment& environment, Report& report) {
  const auto repository = find_repository(environment.directory);
  if (!repository) return report.note("git", "this is no git repository");
  if (repository->git_directory.empty()) {
    return report.problem("git", quoted(repository->top + "/.git") + " leads nowhere", "git worktree repair, or clone anew");
  }
  const Settings settings = all_settings(environment, *repository);
  for (const std::string& driver : named_drivers(environment, *repository)) examine_driver(environment, driver, settings, report);
  examine_hook(*repository, settings, report);
}

}  // namespace leafseal::cli
