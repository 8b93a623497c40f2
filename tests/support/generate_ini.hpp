// Random INI files: sections, both comment marks, every quoting, values over lines.
#pragma once

#include "support/dice.hpp"

namespace leafseal::test {

Generated generate_ini(Dice& dice);

}  // namespace leafseal::test
