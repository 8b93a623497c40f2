#include "cli/published_values.hpp"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/json_text.hpp"
#include "formats/limits.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

class Writer {
 public:
  explicit Writer(const Document& tree) : tree_(tree) {}

  std::string run() {
    std::map<std::string_view, NodeId> merged;
    for (const NodeId root : tree_.roots) add_members(root, merged);
    open(true, sorted(merged));
    while (!levels_.empty()) step();
    return std::move(out_);
  }

 private:
  struct Level {
    bool map;
    std::vector<NodeId> members;
    std::size_t next = 0;
  };

  void add_members(NodeId map, std::map<std::string_view, NodeId>& members) const {
    for (NodeId at = tree_[map].first_child; at != no_node; at = tree_[at].next) {
      if (tree_[at].kind != NodeKind::comment) members.insert_or_assign(tree_[at].key, at);
    }
  }

  static std::vector<NodeId> sorted(const std::map<std::string_view, NodeId>& members) {
    std::vector<NodeId> nodes;
    for (const auto& [key, node] : members) nodes.push_back(node);
    return nodes;
  }

  void open(bool map, std::vector<NodeId> members) {
    if (levels_.size() == max_depth) {
      throw Error(ExitCode::error_dumping_tree, "Error marshaling to json: exceeded max depth");
    }
    out_ += map ? '{' : '[';
    levels_.push_back({map, std::move(members)});
  }

  void step() {
    Level& level = levels_.back();
    if (level.next == level.members.size()) {
      out_ += level.map ? '}' : ']';
      levels_.pop_back();
      return;
    }
    if (level.next > 0) out_ += ',';
    const NodeId member = level.members[level.next++];
    if (level.map) {
      append_json_string(out_, tree_[member].key, JsonDialect::reference);
      out_ += ':';
    }
    value(member);
  }

  void value(NodeId node) {
    while (tree_[node].kind == NodeKind::alias) node = tree_[node].first_child;
    const Node& at = tree_[node];
    if (at.kind == NodeKind::scalar) return append_json_scalar(out_, at.type, at.text, JsonDialect::reference);
    if (at.kind == NodeKind::map) {
      std::map<std::string_view, NodeId> members;
      add_members(node, members);
      return open(true, sorted(members));
    }
    std::vector<NodeId> items;
    for (NodeId item = at.first_child; item != no_node; item = tree_[item].next) {
      if (tree_[item].kind != NodeKind::comment) items.push_back(item);
    }
    open(false, std::move(items));
  }

  const Document& tree_;
  std::string out_;
  std::vector<Level> levels_;
};

}  // namespace

std::string published_values(const Document& tree) { return Writer(tree).run(); }

}  // namespace leafseal::cli
