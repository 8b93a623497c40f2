// The one place that knows where commas and blanks go when members of a JSON container are added or removed.
#pragma once

#include <string>
#include <vector>

#include "formats/json_write.hpp"
#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

// The members of one container between two that stay (or its brackets, where those are no_node): some are removed,
// others, given as text, take their place.
struct JsonGap {
  NodeId before = no_node;
  NodeId after = no_node;
  NodeId first_removed = no_node;
  NodeId last_removed = no_node;
  std::vector<std::string> added;
};

void fill_gap(const Document& document, NodeId container, const JsonGap& gap, const JsonLayout& layout, Edits& edits);

// Where a member begins: at its key, an item at its value.
std::uint32_t json_begin(const Node& node);

}  // namespace leafseal
