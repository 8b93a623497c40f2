#include "formats/json_emit.hpp"

#include "formats/json_write.hpp"

namespace leafseal {
namespace {

JsonLayout canonical_layout(const EmitOptions& options) {
  JsonLayout layout;
  layout.dialect = JsonDialect::reference;
  const int indent = options.indent.value_or(-1);
  if (indent < -1) {
    throw Error(ExitCode::error_dumping_tree,
                "Error marshaling to json: JSON Indentation parameter smaller than -1 is not accepted");
  }
  if (indent >= 0) layout.unit.assign(static_cast<std::size_t>(indent), ' ');
  return layout;
}

}  // namespace

std::string emit_json(const Document& document, const EmitOptions& options) {
  std::string out;
  const NodeId metadata = document.metadata.empty() ? no_node : document.metadata[0];
  append_json(out, document, document.roots.at(0), canonical_layout(options), {"sops", metadata});
  return out += '\n';
}

std::string emit_json_value(const Document& document, NodeId node, const EmitOptions& options) {
  while (document[node].kind == NodeKind::alias) node = document[node].first_child;
  const Node& at = document[node];
  if (at.kind == NodeKind::scalar && at.type == ScalarType::string) return std::string(at.text);
  std::string out;
  append_json(out, document, node, canonical_layout(options));
  if (at.kind == NodeKind::map) out += '\n';
  return out;
}

}  // namespace leafseal
