// Which editor, and how it is called (spec: cli.md 3.3).
#pragma once

#include <string>
#include <vector>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

// The words of the command; the file comes after them. Vim is asked to leave no copies of the text (security.md F8),
// editors with windows to wait (waiting_editor.hpp).
// Throws Error{no_editor}.
std::vector<std::string> editor_command(const Environment& environment);

}  // namespace leafseal::cli
