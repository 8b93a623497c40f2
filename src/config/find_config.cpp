#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

#include "leafseal/creation_rules.hpp"

namespace leafseal {
namespace {

constexpr std::ptrdiff_t levels = 100;

// Whoever may write the config decides who can read what is sealed next (security.md C4).
void check_owner(const std::string& shown, const struct stat& status, bool strict, const Warn& warn) {
  std::string problem;
  if (status.st_uid != geteuid() && status.st_uid != 0) problem = "belongs to another user";
  if ((status.st_mode & S_IWOTH) != 0 && S_ISREG(status.st_mode)) problem = "can be changed by everybody";
  if (problem.empty()) return;
  const std::string text = "the config file " + quoted(shown) + " " + problem;
  if (strict) {
    throw Error(ExitCode::strict_refusal, text, {"make it yours alone, or name it with --config if you trust it"});
  }
  if (warn) warn(text);
}

std::string ignored(const std::string& alternate, const std::string& used) {
  std::string text = "ignoring \"" + alternate +
                     "\" when searching for config file; the config file must be called \".sops.yaml\"";
  if (!used.empty()) text += "; using \"" + used + "\" instead";
  return text;
}

}  // namespace

std::string find_config(const std::string& directory, bool strict, const Warn& warn) {
  std::string up;
  std::string alternate;
  std::string found;
  struct stat status = {};
  // Above the root there is the root again: nothing to find that was not looked for.
  const auto depth = std::count(directory.begin(), directory.end(), '/') + 1;
  for (std::ptrdiff_t level = 0; level < std::min(depth, levels) && found.empty(); ++level, up += "../") {
    if (stat((directory + "/" + up + ".sops.yaml").c_str(), &status) == 0) {
      found = up + ".sops.yaml";
    } else if (struct stat other = {};
               alternate.empty() && stat((directory + "/" + up + ".sops.yml").c_str(), &other) == 0) {
      alternate = up + ".sops.yml";
    }
  }
  if (!alternate.empty() && warn) warn(ignored(alternate, found));
  if (!found.empty()) check_owner(found, status, strict, warn);
  return found;
}

}  // namespace leafseal
