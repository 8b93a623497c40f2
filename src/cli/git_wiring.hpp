// What `init` does for git: sealed files are shown decrypted by `git diff`, and a hook keeps files that should be
// sealed from being committed in clear. Nothing that exists is replaced.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

struct GitRepository {
  std::string top;         // of the working tree, absolute
  std::string common_dir;  // where hooks and configuration are, absolute
  std::string hook;        // the pre-commit hook's path, absolute
};
// The repository that holds the working directory; nothing outside of one, or without git.
std::optional<GitRepository> find_repository(const Environment& environment);

using Say = std::function<void(const std::string&)>;  // one line of the report

// Lines in .gitattributes of the working directory, and the driver they name in the repository's configuration.
void wire_diff(const Environment& environment, const GitRepository& repository, const Say& say);
void wire_hook(const Environment& environment, const GitRepository& repository, const Say& say);

}  // namespace leafseal::cli
