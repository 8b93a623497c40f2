// The INI format (spec: format.md 10).
#pragma once

#include "leafseal/format.hpp"

namespace leafseal {

const Format& ini_format();

}  // namespace leafseal
