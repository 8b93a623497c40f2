#include "formats/yaml_flow_text.hpp"

#include <vector>

#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

// Readers give up on a key without `?` after 1024 characters.
constexpr std::size_t simple_key_limit = 1000;

void append_key(std::string_view key, FlowQuotes quotes, std::string& out) {
  const std::string text = flow_scalar(ScalarType::string, key, quotes);
  if (text.size() > simple_key_limit) out += "? ";
  out.append(text) += ": ";
}

NodeId target(const Document& document, NodeId node) {
  while (document[node].kind == NodeKind::alias) node = document[node].first_child;
  return node;
}

NodeId next_entry(const Document& document, NodeId at) {
  while (at != no_node && document[at].kind == NodeKind::comment) at = document[at].next;
  return at;
}

}  // namespace

std::string flow_scalar(ScalarType type, std::string_view canonical_text, FlowQuotes quotes) {
  ScalarForm form = canonical_form(type, canonical_text);
  if (type == ScalarType::string && quotes == FlowQuotes::quoted && form.tag != "binary") {
    form.tag = {};
    form.style = Style::double_quoted;
  }
  return one_line(form, true);
}

std::string flow_text(const Document& document, NodeId node, FlowQuotes quotes) {
  struct Level {
    NodeId at;  // the next child
    bool map;
  };
  std::string out;
  std::vector<Level> levels;
  const auto put = [&](NodeId id) {
    const Node& n = document[target(document, id)];
    if (n.kind == NodeKind::scalar) {
      out += flow_scalar(n.type, n.text, quotes);
      return;
    }
    const bool map = n.kind == NodeKind::map;
    out += map ? '{' : '[';
    levels.push_back({next_entry(document, n.first_child), map});
  };
  put(node);
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.at == no_node) {
      out += level.map ? '}' : ']';
      levels.pop_back();
      continue;
    }
    const NodeId child = level.at;
    if (out.back() != '{' && out.back() != '[') out += ", ";
    if (level.map) append_key(document[child].key, quotes, out);
    level.at = next_entry(document, document[child].next);
    put(child);
  }
  return out;
}

std::string flow_entry(std::string_view key, const Document& document, NodeId node, FlowQuotes quotes) {
  std::string out;
  append_key(key, quotes, out);
  return out += flow_text(document, node, quotes);
}

}  // namespace leafseal::yaml
