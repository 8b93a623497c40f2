// Canonical YAML: what the reference prints for a tree, byte for byte. Nothing of a source's layout enters; comments
// come out where the model has them (spec: format.md 6.3, 6.4, 7.3).
//
// Three deliberate differences, all where the reference prints what its own reader cannot read: a text that begins with
// a TAB and has several lines is double-quoted (the reference prints null), the indentation hint of a block scalar
// inside a list counts from where a reader counts, and an empty collection below a comment is indented (the reference
// prints it in column 1).
#pragma once

#include <string>
#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

// All documents, each with its metadata as last entry `sops` where it has one.
std::string emit_yaml(const Document& document, const EmitOptions& options);

// One node as `--extract` prints it: a map as a document, a string raw, anything else as a value.
std::string emit_yaml_value(const Document& document, NodeId node, const EmitOptions& options);

namespace yaml {

// How a subtree is laid out that goes into a text with habits of its own.
struct FragmentStyle {
  int step = 4;
  bool flat_lists = false;  // dashes at the column of the key above them
  bool final_break = true;  // off: no block scalar whose value ends with a break, the text may end there
  bool block_scalars = true;  // off: a comment follows that would become part of one
};

// `key: ...` or `- ...` at column 0, LF between lines and none at the end. Block scalars that keep several final breaks
// are quoted instead: blank lines that follow the fragment would become part of them.
std::string block_entry(std::string_view key, const Document& document, NodeId node, const FragmentStyle& style);
std::string block_item(const Document& document, NodeId node, const FragmentStyle& style);

}  // namespace yaml
}  // namespace leafseal
