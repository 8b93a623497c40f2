// Values written without quotes: which texts may stand plain, and the spelling of numbers, booleans and times.
#pragma once

#include <string>
#include <string_view>

#include "leafseal/value.hpp"

namespace leafseal::yaml {

// Whether the text, written plain in a block (or flow) collection, reads back as the same string,
// also in readers of YAML 1.1.
bool stands_plain(std::string_view text, bool in_flow);

// A null, boolean, number or time by its canonical text.
std::string plain_spelling(ScalarType type, std::string_view canonical_text);

}  // namespace leafseal::yaml
