// The flat encoding of metadata in formats without nesting (spec: format.md 5.3): `__map_KEY` steps into a map,
// `__list_N` into a list, so `age__list_0__map_enc` is ["age"][0]["enc"].
#pragma once

#include <string>
#include <vector>

#include "leafseal/document.hpp"

namespace leafseal {

struct FlatEntry {
  std::string key;
  NodeId node = no_node;  // a scalar
};

// The scalars below a map in order; empty containers leave no trace. Throws Error{error_dumping_tree} when two have one
// flat key.
std::vector<FlatEntry> flatten(const Document& document, NodeId map);

// Links scalars of `document` that have no parent yet into a tree of sorted maps and gives its root a map. Throws
// Error{generic} with the reference's phrases: `Error while unflattening "KEY": Duplicate value`, `Type mismatch`,
// `Incomplete list`.
NodeId unflatten(Document& document, const std::vector<FlatEntry>& entries);

}  // namespace leafseal
