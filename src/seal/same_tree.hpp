// Whether two subtrees say the same: keys, order, types and canonical texts; comments and spelling aside, aliases
// followed.
#pragma once

#include <functional>
#include <string_view>

#include "leafseal/document.hpp"

namespace leafseal {

struct ScalarView {
  ScalarType type;
  std::string_view text;
  bool operator==(const ScalarView&) const = default;
};
// `b_value` gives b's scalars: a sealed document's are looked up among its opened values.
bool same_tree(const Document& a, NodeId a_node, const Document& b, NodeId b_node,
               const std::function<ScalarView(NodeId)>& b_value);

}  // namespace leafseal
