// set and unset: changes on a sealed file, made in place on its own bytes (spec: cli.md 3.4, 3.5).
#pragma once

#include <functional>
#include <span>

#include "cli/command.hpp"
#include "leafseal/document.hpp"
#include "leafseal/format.hpp"
#include "leafseal/path.hpp"

namespace leafseal::cli {

struct Assignment {
  Path path;
  std::optional<Document> value;  // as in Change; nothing: remove
};
using Assignments = std::vector<Assignment>;

// Makes all of them or none, in one write. `assignments` is asked before the file is opened, with its format. A file
// that stays the same is not written.
void change_file(Environment& environment, const CommandLine& line, const std::string& file,
                 const std::function<Assignments(FormatId)>& assignments);

// `name`: "set" or "unset", for the phrase.
Path parse_index(const std::string& text, const std::string& name);

}  // namespace leafseal::cli
