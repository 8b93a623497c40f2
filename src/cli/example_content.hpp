// What a new file shows in the editor (spec: cli.md 3.3).
#pragma once

#include <string>

#include "leafseal/format.hpp"

namespace leafseal::cli {

std::string example_content(const Format& format, const EmitOptions& emit);

}  // namespace leafseal::cli
