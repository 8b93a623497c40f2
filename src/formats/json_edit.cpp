#include "formats/json_edit.hpp"

#include "formats/json_layout.hpp"
#include "formats/json_members.hpp"

namespace leafseal {
namespace {

// The container of a node; the metadata has no parent, but stands in the root.
NodeId container_of(const Document& document, NodeId node) {
  return document[node].parent == no_node ? document.roots[0] : document[node].parent;
}

// All members of a container in the order of the source, the metadata among them.
struct Neighbours {
  NodeId before = no_node;
  NodeId after = no_node;
};

Neighbours neighbours_of(const Document& document, NodeId container, NodeId node) {
  Neighbours out;
  const std::uint32_t begin = document[node].span.begin;
  const auto consider = [&](NodeId other) {
    if (other == no_node || other == node) return;
    const std::uint32_t place = document[other].span.begin;
    if (place < begin && (out.before == no_node || place > document[out.before].span.begin)) out.before = other;
    if (place > begin && (out.after == no_node || place < document[out.after].span.begin)) out.after = other;
  };
  for (NodeId at = document[container].first_child; at != no_node; at = document[at].next) consider(at);
  if (container == document.roots[0]) {
    consider(document.metadata[0]);
    for (const NodeId extra : document.extra_metadata) consider(extra);
  }
  return out;
}

}  // namespace

void replace_json(const Document& document, NodeId node, const Document& value, NodeId value_node, Edits& edits) {
  std::string text;
  append_json(text, value, value_node, json_layout_in(document, container_of(document, node)));
  edits.push_back({document[node].span, std::move(text)});
}

void insert_json(const Document& document, NodeId parent, std::string_view key, const Document& value,
                 NodeId value_node, Edits& edits) {
  const JsonLayout layout = json_layout_in(document, parent);
  JsonGap gap;
  gap.before = document[parent].last_child;
  if (gap.before == no_node && parent == document.roots[0]) gap.after = document.metadata[0];
  std::string& text = gap.added.emplace_back();
  if (document[parent].kind == NodeKind::map) {
    append_json_member(text, value, key, value_node, layout);
  } else {
    append_json(text, value, value_node, layout);
  }
  fill_gap(document, parent, gap, layout, edits);
}

void remove_json(const Document& document, NodeId node, Edits& edits) {
  const NodeId container = container_of(document, node);
  const Neighbours neighbours = neighbours_of(document, container, node);
  fill_gap(document, container, {neighbours.before, neighbours.after, node, node, {}}, {}, edits);
}

}  // namespace leafseal
