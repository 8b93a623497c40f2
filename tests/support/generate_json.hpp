// Random JSON files: any layout, duplicate keys, numbers and escapes in every spelling.
#pragma once

#include "support/dice.hpp"

namespace leafseal::test {

Generated generate_json(Dice& dice);

}  // namespace leafseal::test
