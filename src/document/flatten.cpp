#include "document/flatten.hpp"

#include <charconv>
#include <map>
#include <unordered_set>

namespace leafseal {
namespace {

constexpr std::string_view map_mark = "__map_", list_mark = "__list_";

// One point of the tree while it is put together: a value, a map, or a list.
struct Branch {
  NodeId value = no_node;
  std::map<std::string_view, std::size_t> members;
  std::map<long long, std::size_t> items;

  int kinds() const { return (value != no_node ? 1 : 0) + (members.empty() ? 0 : 1) + (items.empty() ? 0 : 1); }
};

// As Go's Atoi: no number is 0, one out of range the nearest.
long long list_index(std::string_view text) {
  long long index = 0;
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), index);
  if (error == std::errc::result_out_of_range) return text.starts_with('-') ? -1 : INT64_MAX;
  return error == std::errc() && end == text.data() + text.size() ? index : 0;
}

class Unflattener {
 public:
  explicit Unflattener(Document& document) : document_(document), branches_(1) {}

  void add(const FlatEntry& entry) {
    const std::string_view key = entry.key;
    std::size_t branch = 0, from = 0;
    bool list = false;
    for (std::size_t at = 0;; ++at) {
      at = key.find("__", at);
      const bool end = at == std::string_view::npos;
      const bool map_next = !end && key.substr(at).starts_with(map_mark);
      const bool list_next = !end && key.substr(at).starts_with(list_mark);
      if (!end && !map_next && !list_next) continue;
      branch = step(branch, key.substr(from, end ? at : at - from), list);
      if (end) break;
      list = list_next;
      at += (list ? list_mark : map_mark).size();
      from = at--;
    }
    if (branches_[branch].value != no_node) {
      throw Error(ExitCode::generic, "Error while unflattening \"" + quoted(key) + "\": Duplicate value");
    }
    branches_[branch].value = entry.node;
  }

  NodeId build() {
    const NodeId root = container(0, no_node);
    std::vector<Open> open{{0, root}};
    while (!open.empty()) {
      const Open at = open.back();
      open.pop_back();
      for (const auto& [key, branch] : branches_[at.branch].members) child(branch, at.node, key, open);
      for (const auto& [index, branch] : branches_[at.branch].items) child(branch, at.node, {}, open);
    }
    return root;
  }

 private:
  struct Open {
    std::size_t branch;
    NodeId node;
  };

  std::size_t step(std::size_t branch, std::string_view name, bool list) {
    const std::size_t fresh = branches_.size();
    const std::size_t found = list ? branches_[branch].items.try_emplace(list_index(name), fresh).first->second
                                   : branches_[branch].members.try_emplace(name, fresh).first->second;
    if (found == fresh) branches_.emplace_back();
    return found;
  }

  void child(std::size_t branch, NodeId parent, std::string_view key, std::vector<Open>& open) {
    NodeId node = branches_[branch].value;
    if (node == no_node || branches_[branch].kinds() > 1) {
      node = container(branch, parent);
      open.push_back({branch, node});
    } else {
      document_.link_after(parent, document_[parent].last_child, node);
    }
    document_[node].key = key.empty() ? key : document_.keep(std::string(key));
  }

  NodeId container(std::size_t branch, NodeId parent) {
    const Branch& at = branches_[branch];
    if (at.kinds() > 1) throw Error(ExitCode::generic, "Error while unflattening: Type mismatch");
    if (at.items.empty()) return document_.add(NodeKind::map, parent);
    const auto count = static_cast<long long>(at.items.size());
    if (at.items.begin()->first != 0 || at.items.rbegin()->first + 1 != count) {
      throw Error(ExitCode::generic, "Error while unflattening: Incomplete list");
    }
    return document_.add(NodeKind::list, parent);
  }

  Document& document_;
  std::vector<Branch> branches_;
};

}  // namespace

std::vector<FlatEntry> flatten(const Document& document, NodeId map) {
  struct Level {
    NodeId next;
    std::size_t prefix;  // length of the key down to here
    bool list;
    std::size_t index = 0;
  };
  std::vector<FlatEntry> out;
  std::unordered_set<std::string> seen;
  std::string key;
  std::vector<Level> levels{{document[map].first_child, 0, false}};
  while (!levels.empty()) {
    Level& level = levels.back();
    const NodeId id = level.next;
    if (id == no_node) {
      levels.pop_back();
      continue;
    }
    const Node& node = document[id];
    level.next = node.next;
    if (node.kind == NodeKind::comment) continue;
    key.resize(level.prefix);
    if (level.list) {
      key += std::to_string(level.index++);
    } else {
      key += node.key;
    }
    if (node.kind == NodeKind::map || node.kind == NodeKind::list) {
      const bool list = node.kind == NodeKind::list;
      key += list ? list_mark : map_mark;
      levels.push_back({node.first_child, key.size(), list});
      continue;
    }
    if (!seen.insert(key).second) {
      throw Error(ExitCode::error_dumping_tree, "Found key collision \"" + quoted(key) + "\" while flattening");
    }
    out.push_back({key, id});
  }
  return out;
}

NodeId unflatten(Document& document, const std::vector<FlatEntry>& entries) {
  Unflattener tree(document);
  for (const FlatEntry& entry : entries) tree.add(entry);
  return tree.build();
}

}  // namespace leafseal
