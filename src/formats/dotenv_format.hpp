// The dotenv format (spec: format.md 9).
#pragma once

#include "leafseal/format.hpp"

namespace leafseal {

const Format& dotenv_format();

}  // namespace leafseal
