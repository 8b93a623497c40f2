// Canonical INI: byte for byte what the reference prints (spec: format.md 10).
#pragma once

#include <string>

#include "leafseal/document.hpp"

namespace leafseal {

std::string emit_ini(const Document& document);
std::string emit_ini_value(const Document& document, NodeId node);

}  // namespace leafseal
