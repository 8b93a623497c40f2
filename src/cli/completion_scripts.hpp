// What `leafseal completion SHELL` prints. Each script asks the program itself, through `__complete` (complete.hpp), so
// it never grows old, and leaves file names to its shell.
#pragma once

#include <string>

namespace leafseal::cli {

// For the program under the name `program`.
std::string bash_completion(const std::string& program);
std::string zsh_completion(const std::string& program);
std::string fish_completion(const std::string& program);
std::string powershell_completion(const std::string& program);

}  // namespace leafseal::cli
