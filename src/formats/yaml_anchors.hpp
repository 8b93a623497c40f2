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

  // What a node stands for with all its aliases written out.
  struct Extent {
    std::uint64_t nodes = 0;  // keys and values
    std::uint64_t bytes = 0;
  };
  // Of an anchored collection that is complete.
  void complete(NodeId collection, Extent extent) { extents_[collection] = extent; }
  // A scalar is one node; a collection that is not complete has none.
  Extent extent(const Document& document, NodeId node) const;

  // A key or value, or an alias that stands for `extent`. Throws Error{could_not_read_input} when too much comes from
  // aliases.
  void count() { ++total_; }
  void count_alias(Extent extent);

 private:
  std::unordered_map<std::string_view, NodeId> nodes_;
  std::unordered_map<NodeId, Extent> extents_;
  std::uint64_t total_ = 0;
  std::uint64_t from_aliases_ = 0;
  std::uint64_t alias_bytes_ = 0;
};

}  // namespace leafseal::yaml
