// Random dotenv files: comments, blank lines, quotes that are no quotes, bytes that are no text.
#pragma once

#include "support/dice.hpp"

namespace leafseal::test {

Generated generate_dotenv(Dice& dice);

}  // namespace leafseal::test
