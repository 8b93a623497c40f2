// The layout in force at a place of a JSON source, read off the neighbours, so that what is inserted looks like them.
#pragma once

#include "formats/json_write.hpp"
#include "leafseal/document.hpp"

namespace leafseal {

// For the members of `container`. An empty one takes after the containers around it.
JsonLayout json_layout_in(const Document& document, NodeId container);
// "\r\n" if the first line break of the source is one.
std::string json_newline(std::string_view source);

}  // namespace leafseal
