// Canonical YAML: what the reference prints for a tree, byte for byte. Nothing of a source's layout enters; comments
// come out where the model has them (spec: format.md 6.3, 6.4, 7.3).
//
// Two deliberate differences, both where the reference prints what its own reader cannot read: a text that begins with
// a TAB and has several lines is double-quoted (the reference prints null), and the indentation hint of a block scalar
// inside a list counts from where a reader counts.
#pragma once

#include <string>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal::yaml {

// All documents, each with its metadata as last entry `sops` where it has one.
std::string emit(const Document& document, const EmitOptions& options);

// One node as `--extract` prints it: a map as a document, a string raw, anything else as a value.
std::string emit_value(const Document& document, NodeId node, const EmitOptions& options);

}  // namespace leafseal::yaml
