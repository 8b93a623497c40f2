// Canonical JSON: byte for byte what the reference prints (spec: format.md 8).
#pragma once

#include <string>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

// The first document, with its metadata where it has some, and a final line break.
std::string emit_json(const Document& document, const EmitOptions& options);
// As --extract prints one node: a map as a document, a string raw, the rest without a final line break.
std::string emit_json_value(const Document& document, NodeId node, const EmitOptions& options);

}  // namespace leafseal
