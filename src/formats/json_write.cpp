#include "formats/json_write.hpp"

#include <vector>

#include "formats/limits.hpp"

namespace leafseal {
namespace {

class Writer {
 public:
  Writer(std::string& out, const Document& document, const JsonLayout& layout, JsonExtraMember extra)
      : out_(out), document_(document), layout_(layout), indent_(layout.newline + layout.indent), extra_(extra) {}

  void run(NodeId node) {
    value(node);
    while (!levels_.empty()) step();
  }

 private:
  struct Level {
    NodeId container;
    NodeId next;
    bool has_members = false;
    bool extra_done = false;
  };

  void step() {
    Level& level = levels_.back();
    while (level.next != no_node && document_[level.next].kind == NodeKind::comment) {
      level.next = document_[level.next].next;
    }
    const bool map = document_[level.container].kind == NodeKind::map;
    NodeId member = level.next;
    std::string_view key;
    if (member != no_node) {
      key = document_[member].key;
      level.next = document_[member].next;
    } else if (levels_.size() == 1 && extra_.node != no_node && !level.extra_done) {
      member = extra_.node;
      key = extra_.key;
      level.extra_done = true;
    } else {
      return close(map, level.has_members);
    }
    if (level.has_members) out_ += ',';
    if (layout_.lines) {
      out_ += indent_;
    } else if (level.has_members) {
      out_ += layout_.blank;
    }
    level.has_members = true;
    if (map) {
      append_json_string(out_, key, layout_.dialect);
      out_ += layout_.colon;
    }
    value(member);
  }

  void value(NodeId node) {
    while (document_[node].kind == NodeKind::alias) node = document_[node].first_child;
    const Node& at = document_[node];
    if (at.kind == NodeKind::scalar) return scalar(at);
    if (levels_.size() == max_depth) {
      throw Error(ExitCode::error_dumping_tree, "Error marshaling to json: exceeded max depth");
    }
    out_ += at.kind == NodeKind::map ? '{' : '[';
    levels_.push_back({node, at.first_child});
    indent_ += layout_.unit;
  }

  void scalar(const Node& node) {
    try {
      append_json_scalar(out_, node.type, node.text, layout_.dialect);
    } catch (const Error& error) {
      throw error.under(error.code(), "Error marshaling to json: ");
    }
  }

  void close(bool map, bool has_members) {
    indent_.resize(indent_.size() - layout_.unit.size());
    if (has_members && layout_.lines) out_ += indent_;
    out_ += map ? '}' : ']';
    levels_.pop_back();
  }

  std::string& out_;
  const Document& document_;
  const JsonLayout& layout_;
  std::string indent_;  // the line break and the indentation of the innermost members
  JsonExtraMember extra_;
  std::vector<Level> levels_;
};

}  // namespace

void append_json(std::string& out, const Document& document, NodeId node, const JsonLayout& layout,
                 JsonExtraMember extra) {
  Writer(out, document, layout, extra).run(node);
}

void append_json_member(std::string& out, const Document& document, std::string_view key, NodeId node,
                        const JsonLayout& layout) {
  append_json_string(out, key, layout.dialect);
  out += layout.colon;
  append_json(out, document, node, layout);
}

}  // namespace leafseal
