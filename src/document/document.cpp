#include "leafseal/document.hpp"

#include <algorithm>

namespace leafseal {

NodeId Document::add(NodeKind kind, NodeId parent) {
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.emplace_back().kind = kind;
  if (parent == no_node) return id;
  Node& above = nodes_[parent];
  nodes_[id].parent = parent;
  if (above.last_child == no_node) {
    above.first_child = id;
  } else {
    nodes_[above.last_child].next = id;
  }
  above.last_child = id;
  return id;
}

NodeId Document::add_scalar(NodeId parent, std::string_view key, const Value& value) {
  const NodeId id = add(NodeKind::scalar, parent);
  nodes_[id].type = value.type;
  nodes_[id].text = keep(value.text);
  if (!key.empty()) nodes_[id].key = keep(std::string(key));
  return id;
}

void Document::unlink(NodeId child) {
  Node& above = nodes_[nodes_[child].parent];
  NodeId before = no_node;
  for (NodeId at = above.first_child; at != child; at = nodes_[at].next) before = at;
  (before == no_node ? above.first_child : nodes_[before].next) = nodes_[child].next;
  if (above.last_child == child) above.last_child = before;
  nodes_[child].next = no_node;
}

void Document::link_after(NodeId parent, NodeId after, NodeId child) {
  Node& above = nodes_[parent];
  nodes_[child].parent = parent;
  NodeId& slot = after == no_node ? above.first_child : nodes_[after].next;
  nodes_[child].next = slot;
  slot = child;
  if (above.last_child == after) above.last_child = child;
}

NodeId Document::copy(const Document& from, NodeId node, NodeId parent) {
  const auto clone = [&](NodeId source, NodeId above) {
    const NodeId id = add(from[source].kind, above);
    Node& to = nodes_[id];
    to.type = from[source].type;
    to.style = from[source].style;
    to.inline_comment = from[source].inline_comment;
    to.key = keep(std::string(from[source].key));
    to.text = keep(std::string(from[source].text));
    return id;
  };
  const NodeId copied = clone(node, parent);
  NodeId at = node, to = copied;  // the node just copied, and its copy
  for (;;) {
    if (from[at].kind != NodeKind::alias && from[at].first_child != no_node) {
      at = from[at].first_child;
      to = clone(at, to);
      continue;
    }
    while (at != node && from[at].next == no_node) {
      at = from[at].parent;
      to = nodes_[to].parent;
    }
    if (at == node) return copied;
    at = from[at].next;
    to = clone(at, nodes_[to].parent);
  }
}

std::string_view Document::keep(std::string text) { return kept_.emplace_back(std::move(text)); }

NodeId Document::find(NodeId map, std::string_view key) const {
  for (NodeId at = nodes_[map].first_child; at != no_node; at = nodes_[at].next) {
    if (nodes_[at].kind != NodeKind::comment && nodes_[at].key == key) return at;
  }
  return no_node;
}

NodeId Document::item(NodeId list, std::size_t index) const {
  for (NodeId at = nodes_[list].first_child; at != no_node; at = nodes_[at].next) {
    if (index-- == 0) return nodes_[at].kind == NodeKind::comment ? no_node : at;
  }
  return no_node;
}

Place place_of(std::string_view source, std::size_t offset) {
  offset = std::min(offset, source.size());
  const std::string_view before = source.substr(0, offset);
  Place place;
  place.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  place.column = 1 + static_cast<std::size_t>(
                         std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
  return place;
}

}  // namespace leafseal
