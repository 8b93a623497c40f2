#include "formats/yaml_structure.hpp"

#include "formats/yaml_children.hpp"
#include "formats/yaml_flow_text.hpp"
#include "formats/yaml_layout.hpp"
#include "formats/yaml_replace.hpp"

namespace leafseal {
namespace {

NodeId root_of(const Document& document, NodeId node) {
  while (document[node].parent != no_node) node = document[node].parent;
  return node;
}

yaml::FragmentStyle style_at(const Document& document, NodeId node) {
  const NodeId parent = document[node].parent;
  return yaml::detect_style(document, parent == no_node ? node : parent, root_of(document, node));
}

// A document with one container that holds the value alone.
Document wrapped(NodeKind kind, std::string_view key, const Document& value, NodeId value_node) {
  Document wrapper;
  const NodeId container = wrapper.add(kind, no_node);
  const NodeId copy = wrapper.copy(value, value_node, container);
  wrapper[copy].key = wrapper.keep(std::string(key));
  wrapper.roots.push_back(container);
  wrapper.metadata.push_back(no_node);
  return wrapper;
}

// The root of a document that holds nothing, or `{}`.
void fill_root(const Document& document, NodeId root, std::string_view key, const Document& value, NodeId value_node,
               Edits& edits) {
  const std::string line_break = yaml::file_break(document.source());
  const std::string text = yaml::indented(yaml::block_entry(key, value, value_node, {}), 0, line_break);
  const Span where = document[root].span;
  if (!where.empty()) {
    edits.push_back({where, text});
    return;
  }
  const std::uint32_t at = yaml::document_end(document, root);
  const bool open_line = at > 0 && yaml::line_start(document.source(), at) != at;
  edits.push_back({{at, at}, open_line ? line_break + text : text + line_break});
}

}  // namespace

void replace_yaml(const Document& document, NodeId node, const Document& value, NodeId value_node, Edits& edits) {
  if (document[node].parent == no_node) {
    throw Error(ExitCode::generic, "the top level of a document cannot be replaced");
  }
  yaml::replace_value(document, node, value, value_node, style_at(document, node), edits);
}

void insert_yaml(const Document& document, NodeId parent, std::string_view key, const Document& value,
                 NodeId value_node, Edits& edits) {
  while (document[parent].kind == NodeKind::alias) parent = document[parent].first_child;
  const Node& container = document[parent];
  const std::vector<NodeId> entries = yaml::entries_in_source(document, parent);
  if (container.kind == NodeKind::scalar || (entries.empty() && container.parent != no_node)) {
    const NodeKind wanted = key.empty() ? NodeKind::list : NodeKind::map;
    const NodeKind kind = container.kind == NodeKind::scalar ? wanted : container.kind;
    const Document wrapper = wrapped(kind, key, value, value_node);
    replace_yaml(document, parent, wrapper, wrapper.roots[0], edits);
    return;
  }
  if (entries.empty()) {
    fill_root(document, parent, key, value, value_node, edits);
    return;
  }
  yaml::ChildChanges changes;
  std::size_t place = 0;  // behind the last entry that is no metadata
  for (const NodeId entry : entries) {
    changes.push_back({entry, false, no_node, {}});
    bool metadata = false;
    for (const NodeId id : document.metadata) metadata |= id == entry;
    if (!metadata) place = changes.size();
  }
  changes.insert(changes.begin() + static_cast<std::ptrdiff_t>(place), {no_node, false, value_node, key});
  const yaml::FragmentStyle style = yaml::detect_style(document, parent, root_of(document, parent));
  yaml::change_children(document, parent, changes, value, style, edits);
}

void remove_yaml(const Document& document, NodeId node, Edits& edits) {
  const NodeId parent = document[node].parent;
  yaml::ChildChanges changes;
  for (const NodeId entry : yaml::entries_in_source(document, parent)) {
    changes.push_back({entry, entry == node, no_node, {}});
  }
  yaml::change_children(document, parent, changes, document, {}, edits);
}

}  // namespace leafseal
