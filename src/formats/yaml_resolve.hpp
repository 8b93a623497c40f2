// What an unquoted, untagged YAML scalar is to the reference: the core schema of YAML 1.2 with leftovers of 1.1
// (spec: format.md 6.1).
#pragma once

#include <string_view>

#include "leafseal/value.hpp"

namespace leafseal::yaml {

// `<<` counts as a string here. Integers up to 2^64-1 are integers, although those from 2^63 on cannot be sealed.
ScalarType plain_scalar_type(std::string_view text);

}  // namespace leafseal::yaml
