#include "formats/yaml_anchors.hpp"

#include <algorithm>

#include "formats/limits.hpp"

namespace leafseal::yaml {

NodeId Anchors::find(std::string_view name) const {
  const auto found = nodes_.find(name);
  return found == nodes_.end() ? no_node : found->second;
}

Anchors::Extent Anchors::extent(const Document& document, NodeId node) const {
  const NodeKind kind = document[node].kind;
  if (kind != NodeKind::map && kind != NodeKind::list) return {1, document[node].text.size()};
  const auto found = extents_.find(node);
  return found == extents_.end() ? Extent() : found->second;
}

// The reference lets 99 % of a document come from aliases up to 400,000 nodes, and 10 % from 4,000,000.
void Anchors::count_alias(Extent extent) {
  alias_bytes_ += extent.bytes;
  if (alias_bytes_ > max_alias_text) {
    throw Error(ExitCode::could_not_read_input, "the aliases of this document stand for too much text");
  }
  total_ += 1 + extent.nodes;
  from_aliases_ += extent.nodes;
  if (from_aliases_ <= 100 || total_ <= 1000) return;
  constexpr double low = 400'000, high = 4'000'000;
  const double beyond = std::clamp((static_cast<double>(total_) - low) / (high - low), 0.0, 1.0);
  const double allowed = 0.99 - 0.89 * beyond;
  if (static_cast<double>(from_aliases_) > allowed * static_cast<double>(total_)) {
    throw Error(ExitCode::could_not_read_input, "yaml: document contains excessive aliasing");
  }
}

}  // namespace leafseal::yaml
