// The VALUE of set: one JSON value.
#pragma once

#include <string>

#include "leafseal/document.hpp"

namespace leafseal::cli {

// A document whose root's first child is the value. Throws Error{invalid_set_format}.
Document parse_set_value(const std::string& json);

}  // namespace leafseal::cli
