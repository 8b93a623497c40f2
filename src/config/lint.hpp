// Lint: what is wrong or doubtful in a `.sops.yaml`, all of it at once, with places. Reading the config for a command
// stops at the first error and looks at the rule that decides alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "leafseal/error.hpp"

namespace leafseal::config {

struct LintFinding {
  Place place;
  bool warning = false;  // false: a command would refuse it, or it never does what it says
  std::string text;
};

// In the order of their places. `text` is the config's content.
std::vector<LintFinding> lint(std::string_view text);

}  // namespace leafseal::config
