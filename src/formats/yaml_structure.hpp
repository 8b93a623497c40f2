// Changes of a YAML document's structure as edits of its source. What is not changed keeps its bytes; what is new is
// spelt canonically, in the layout of its surroundings: the file's indentation step and dashes, flow style within flow
// collections, the quotes of the value that it replaces.
#pragma once

#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

// An anchor of the old value stays, its tag goes unless the new value is a string that it fits.
void replace_yaml(const Document& document, NodeId node, const Document& value, NodeId value_node, Edits& edits);

// As the last entry of a map (with `key`) or item of a list, before comments that follow it and never behind the
// metadata. A parent that is `{}`, `[]`, null or nothing becomes a block, or a flow collection within one; null takes
// an entry if there is a key.
void insert_yaml(const Document& document, NodeId parent, std::string_view key, const Document& value,
                 NodeId value_node, Edits& edits);

// An entry or item with its lines, and the comments inside it; those above it stay. The last one leaves `{}` or `[]`.
void remove_yaml(const Document& document, NodeId node, Edits& edits);

}  // namespace leafseal
