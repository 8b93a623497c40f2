// Spellings of one YAML scalar that fits on the lines of a value: every quoting, number form, date and block scalar.
#pragma once

#include <string>

#include "support/dice.hpp"

namespace leafseal::test {

struct ScalarPlace {
  std::size_t indent = 0;  // of the entry that holds the scalar
  std::size_t step = 2;
  bool in_flow = false;
  std::string line_end = "\n";
};

struct YamlScalar {
  std::string text;         // may hold line breaks, ends without one
  bool is_block = false;    // deeper lines behind it would belong to it
  bool takes_tail = true;   // blanks and a comment may follow on its line
};

// A scalar for this place; plain documents get only spellings that need no layout record.
YamlScalar yaml_scalar(Dice& dice, const ScalarPlace& place, Generated& document);

std::string words(Dice& dice, std::size_t count);

}  // namespace leafseal::test
