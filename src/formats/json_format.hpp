// The JSON format (spec: format.md 8).
#pragma once

#include "leafseal/format.hpp"

namespace leafseal {

const Format& json_format();

}  // namespace leafseal
