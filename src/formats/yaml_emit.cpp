#include "formats/yaml_emit.hpp"

#include "formats/yaml_emitter.hpp"

namespace leafseal::yaml {
namespace {

constexpr int default_step = 4;

int step_of(const EmitOptions& options) {
  const int wanted = options.indent.value_or(0);
  if (wanted < 0) throw Error(ExitCode::error_dumping_tree, "YAML Negative indentation not accepted");
  if (wanted == 0) return default_step;
  return wanted < 2 || wanted > 9 ? 2 : wanted;
}

std::string without_final_break(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

std::string block_entry(std::string_view key, const Document& document, NodeId node, const FragmentStyle& style) {
  Emitter emitter(document, style);
  emitter.emit_entry(key, node);
  return without_final_break(emitter.take());
}

std::string block_item(const Document& document, NodeId node, const FragmentStyle& style) {
  Emitter emitter(document, style);
  emitter.emit_item(node);
  return without_final_break(emitter.take());
}

}  // namespace leafseal::yaml

namespace leafseal {

std::string emit_yaml(const Document& document, const EmitOptions& options) {
  yaml::Emitter emitter(document, yaml::step_of(options));
  for (std::size_t i = 0; i < document.roots.size(); ++i) {
    emitter.emit_document(document.roots[i], i < document.metadata.size() ? document.metadata[i] : no_node, i == 0);
  }
  return emitter.take();
}

std::string emit_yaml_value(const Document& document, NodeId node, const EmitOptions& options) {
  while (document[node].kind == NodeKind::alias) node = document[node].first_child;
  const Node& n = document[node];
  if (n.kind == NodeKind::scalar && n.type == ScalarType::string) return std::string(n.text);
  // The reference prints maps with the chosen indentation, lists always with its default.
  yaml::Emitter emitter(document, n.kind == NodeKind::map ? yaml::step_of(options) : yaml::default_step);
  emitter.emit_root(node, no_node);
  return emitter.take();
}

}  // namespace leafseal
