// Anchors: what aliases stand for, and how much text they would expand to. A few lines of aliases to aliases can stand
// for more nodes than fit into memory; such files are refused at the reference's limits (security.md P1).
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "leafseal/document.hpp"

namespace leafseal::yaml {

class Anchors {
 public:
  // A later anchor of the same name takes the place of the former, also across documents.
  void define(std::string_view name, NodeId node) { nodes_[name] = node; }
  NodeId find(std::string_view name) const;  // no_node if there is none

  // Of an anchored collection that is complete: how many keys and values it stands for.
  void complete(NodeId collection, std::uint64_t nodes) { sizes_[collection] = nodes; }
  // A scalar's is 1; of a collection that is not complete, 0.
  std::uint64_t expanded_size(const Document& document, NodeId node) const;

  // A key or value, or an alias that stands for `expanded` of them. Throws Error{could_not_read_input} when too many
  // nodes come from aliases.
  void count() { ++total_; }
  void count_alias(std::uint64_t expanded);

 private:
  std::unordered_map<std::string_view, NodeId> nodes_;
  std::unordered_map<NodeId, std::uint64_t> sizes_;
  std::uint64_t total_ = 0;
  std::uint64_t from_aliases_ = 0;
};

}  // namespace leafseal::yaml
