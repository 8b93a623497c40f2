// The binary format: any bytes, sealed as the one string `data` of a JSON object (spec: format.md 11).
//
// The two texts have nothing in common but the value, so the edits compose: seal() puts the object's beginning and the
// token in the place of all bytes and write_metadata() adds its end; open() puts the bytes in the place of the string
// and remove_metadata() takes away all around it.
#pragma once

#include "leafseal/format.hpp"

namespace leafseal {

const Format& binary_format();

}  // namespace leafseal
