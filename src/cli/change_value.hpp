// set and unset: one change on a sealed file, made in place on its own bytes (spec: cli.md 3.4, 3.5).
#pragma once

#include "cli/command.hpp"
#include "leafseal/document.hpp"
#include "leafseal/path.hpp"

namespace leafseal::cli {

// Makes the change at `path`: `value` as in Change, nullptr to remove. A file that stays the same is not written.
void change_file(Environment& environment, const CommandLine& line, const std::string& file, const Path& path,
                 const Document* value);

// `name`: "set" or "unset", for the phrase.
Path parse_index(const std::string& text, const std::string& name);

}  // namespace leafseal::cli
