#include "formats/yaml_alias.hpp"

#include <vector>

#include "formats/yaml_plain.hpp"
#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

std::string quoted_text(std::string_view text) {
  std::string out;
  append_double_quoted(text, out);
  return out;
}

// A number, boolean or time that reads back as the same type: a float keeps a point.
std::string typed_text(ScalarType type, std::string_view text) {
  const bool integral = type == ScalarType::floating && text.find_first_not_of("-0123456789") == std::string_view::npos;
  return integral ? std::string(text) + ".0" : plain_spelling(type, text);
}

// One alias as flow text, without recursion: the stack holds the containers that are open.
std::string flow_copy(const Document& document, NodeId alias) {
  std::string out;
  struct Level {
    NodeId next;
    bool map;
    bool first;
  };
  std::vector<Level> levels;
  NodeId at = alias;
  const auto begin_entry = [&] {
    if (levels.empty()) return;
    if (!levels.back().first) out += ", ";
    levels.back().first = false;
    if (!levels.back().map) return;
    const std::string_view key = document[at].key;
    out += key == "<<" ? std::string(key) : quoted_text(key);
    out += ": ";
  };
  for (;;) {
    begin_entry();
    NodeId target = at;
    while (document[target].kind == NodeKind::alias) target = document[target].first_child;
    const Node& node = document[target];
    if (node.kind == NodeKind::scalar) {
      out += node.type == ScalarType::string ? quoted_text(node.text) : typed_text(node.type, node.text);
    } else {
      levels.push_back({node.first_child, node.kind == NodeKind::map, true});
      out += node.kind == NodeKind::map ? '{' : '[';
    }
    for (;;) {
      if (levels.empty()) return out;
      Level& level = levels.back();
      while (level.next != no_node && document[level.next].kind == NodeKind::comment) level.next = document[level.next].next;
      if (level.next != no_node) {
        at = level.next;
        level.next = document[at].next;
        break;
      }
      out += level.map ? '}' : ']';
      levels.pop_back();
    }
  }
}

}  // namespace

std::string with_aliases_written_out(const Document& document) {
  Edits edits;
  for (NodeId id = 0; id < document.size(); ++id) {
    const Node& node = document[id];
    if (node.kind == NodeKind::alias) edits.push_back({{node.begin, node.span.end}, flow_copy(document, id)});
  }
  return apply_edits(document.source(), edits);
}

}  // namespace leafseal::yaml
