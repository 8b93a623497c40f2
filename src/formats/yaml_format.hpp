// YAML as a Format: parsing, carriers, structure, metadata and emission put together.
#pragma once

#include "leafseal/format.hpp"

namespace leafseal {

const Format& yaml_format();

}  // namespace leafseal
