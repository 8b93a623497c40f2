// Changes of the entries of one YAML container as edits of its source: some stay, some go, some are new. A container in
// block style loses and gains lines, one in flow style entries with their commas.
#pragma once

#include <string_view>
#include <vector>

#include "formats/yaml_emit.hpp"
#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal::yaml {

// What becomes of one entry, in the order of the result. Exactly one of `old` and `fresh` is set.
struct ChildChange {
  NodeId old = no_node;  // an entry of the source: stays, or goes if `removed`
  bool removed = false;
  NodeId fresh = no_node;  // a node of the other document: new here
  std::string_view key = {};
};
using ChildChanges = std::vector<ChildChange>;

// The entries of a container in the order of the source, the metadata entry of a root included.
std::vector<NodeId> entries_in_source(const Document& document, NodeId container);

// `changes` names every entry of `container`, which has at least one. `other` holds the new nodes.
void change_children(const Document& document, NodeId container, const ChildChanges& changes, const Document& other,
                     const FragmentStyle& style, Edits& edits);

// The two kinds; the above chooses.
void change_block_children(const Document& document, NodeId container, const ChildChanges& changes,
                           const Document& other, const FragmentStyle& style, Edits& edits);
void change_flow_children(const Document& document, NodeId container, const ChildChanges& changes,
                          const Document& other, Edits& edits);

}  // namespace leafseal::yaml
