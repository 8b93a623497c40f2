#include "seal/same_tree.hpp"

#include <utility>
#include <vector>

namespace leafseal {
namespace {

NodeId followed(const Document& document, NodeId node) {
  while (node != no_node && document[node].kind == NodeKind::alias) node = document[node].first_child;
  return node;
}

NodeId skip_comments(const Document& document, NodeId node) {
  while (node != no_node && document[node].kind == NodeKind::comment) node = document[node].next;
  return node;
}

}  // namespace

bool same_tree(const Document& a, NodeId a_node, const Document& b, NodeId b_node,
               const std::function<ScalarView(NodeId)>& b_value) {
  std::vector<std::pair<NodeId, NodeId>> open{{a_node, b_node}};
  while (!open.empty()) {
    auto [x, y] = open.back();
    open.pop_back();
    x = followed(a, x);
    y = followed(b, y);
    if (x == no_node || y == no_node || a[x].kind != b[y].kind) return false;
    if (a[x].kind == NodeKind::scalar) {
      if (ScalarView{a[x].type, a[x].text} != b_value(y)) return false;
      continue;
    }
    NodeId i = skip_comments(a, a[x].first_child), j = skip_comments(b, b[y].first_child);
    for (; i != no_node && j != no_node; i = skip_comments(a, a[i].next), j = skip_comments(b, b[j].next)) {
      if (a[i].key != b[j].key) return false;
      open.emplace_back(i, j);
    }
    if (i != no_node || j != no_node) return false;
  }
  return true;
}

}  // namespace leafseal
