// The rows of a YAML document as the reference's model has them: a leaf or comment each, with its associated data.
// Aliases are expanded, with the comments inside what they stand for.
#pragma once

#include <string>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/walk.hpp"

namespace leafseal::test {

struct Row {
  std::string data;
  std::string kind;
  std::string text;
  bool operator==(const Row&) const = default;
};

inline const char* row_type(ScalarType type) {
  switch (type) {
    case ScalarType::null: return "null";
    case ScalarType::boolean: return "bool";
    case ScalarType::integer: return "int";
    case ScalarType::floating: return "float";
    case ScalarType::string: return "str";
    case ScalarType::time: return "time";
  }
  return "";
}

class Rows {
 public:
  Rows(const Document& document, NodeId root) : document_(document) { walk(document, root, *this); }
  std::vector<Row> all;

  void enter(NodeId) {}
  void leave(NodeId) {}
  void leaf(NodeId id, std::string_view data) { add(id, std::string(data)); }
  void comment(NodeId id, std::string_view data) {
    const Node& node = document_[id];
    if (node.lost) return;
    const bool in_list = document_[node.parent].kind == NodeKind::list;
    all.push_back({std::string(data),
                   std::string(in_list ? "list-comment" : "comment") + (node.inline_comment ? "-inline" : ""),
                   std::string(node.text)});
  }

 private:
  void add(NodeId id, const std::string& data) {
    const Node& node = document_[id];
    if (node.kind == NodeKind::alias) return add(node.first_child, data);
    if (node.kind == NodeKind::comment) return comment(id, data);
    if (node.kind == NodeKind::scalar) {
      all.push_back({data, row_type(node.type), std::string(node.text)});
      return;
    }
    for (NodeId at = node.first_child; at != no_node; at = document_[at].next) {
      const bool entry = node.kind == NodeKind::map && document_[at].kind != NodeKind::comment;
      add(at, entry ? data + std::string(document_[at].key) + ":" : data);
    }
  }
  const Document& document_;
};

}  // namespace leafseal::test
