// walk(): visits the leaves and comments of one document in model order, the order of the MAC, with the associated
// data of each. This is the one place that knows how associated data grows along the way down. It does not recurse.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "leafseal/document.hpp"

namespace leafseal {

// The visitor is any type with
//   void enter(NodeId container);                            // map or list below the root, before its children
//   void leave(NodeId container);                            // after them
//   void leaf(NodeId scalar, std::string_view associated_data);
//   void comment(NodeId comment, std::string_view associated_data);  // of the container that owns it
// The views are valid during the call only. An alias is visited as a leaf: expand aliases first.
template <class Visitor>
void walk(const Document& document, NodeId root, Visitor& visitor) {
  std::string data;  // associated data of the container at hand
  struct Level {
    NodeId container;
    std::size_t length;  // of `data` before this container's own key
  };
  std::vector<Level> levels;
  NodeId at = document[root].first_child;
  for (;;) {
    while (at == no_node) {
      if (levels.empty()) return;
      const Level level = levels.back();
      levels.pop_back();
      data.resize(level.length);
      visitor.leave(level.container);
      at = document[level.container].next;
    }
    const Node& node = document[at];
    if (node.kind == NodeKind::comment) {
      visitor.comment(at, node.lost || data.empty() ? std::string_view(":") : std::string_view(data));
      at = node.next;
      continue;
    }
    const std::size_t length = data.size();
    if (document[node.parent].kind == NodeKind::map) {
      data.append(node.key);
      data.push_back(':');
    }
    if (node.kind == NodeKind::map || node.kind == NodeKind::list) {
      visitor.enter(at);
      levels.push_back({at, length});
      at = node.first_child;
      continue;
    }
    visitor.leaf(at, data);
    data.resize(length);
    at = document[at].next;
  }
}

}  // namespace leafseal
