#include "formats/yaml_difference.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "formats/yaml_children.hpp"
#include "formats/yaml_replace.hpp"

namespace leafseal::yaml {
namespace {

std::vector<NodeId> entries_of(const Document& document, NodeId container) {
  std::vector<NodeId> entries;
  for (NodeId at = document[container].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind != NodeKind::comment) entries.push_back(at);
  }
  return entries;
}

// The reference reads metadata weakly typed: "2" is 2, "true" is true, nothing is "".
std::string plain_text(const Node& scalar) {
  if (scalar.type == ScalarType::boolean) return scalar.text == "True" ? "true" : "false";
  return std::string(scalar.text);
}

// What makes an item the same recipient although its wrapped key changed.
std::string identity(const Document& document, NodeId item) {
  const Node& n = document[item];
  if (n.kind == NodeKind::scalar) return plain_text(n);
  std::map<std::string_view, std::string> parts;
  for (const NodeId entry : n.kind == NodeKind::map ? entries_of(document, item) : std::vector<NodeId>()) {
    const Node& e = document[entry];
    if (e.kind == NodeKind::scalar && e.key != "enc" && e.key != "created_at") parts[e.key] = plain_text(e);
  }
  std::string out;
  for (const auto& [key, text] : parts) out.append(key).append(1, '\0').append(text).append(1, '\0');
  return out;
}

class Difference {
 public:
  Difference(const Document& document, const Document& other, const FragmentStyle& style, Edits& edits)
      : document_(document), other_(other), style_(style), edits_(edits) {}

  void run(NodeId old, NodeId fresh) {
    pairs_.push_back({old, fresh});
    while (!pairs_.empty()) {
      const Pair pair = pairs_.back();
      pairs_.pop_back();
      compare(pair.old, pair.fresh);
    }
  }

 private:
  struct Pair {
    NodeId old;
    NodeId fresh;
  };

  void compare(NodeId old, NodeId fresh) {
    const Node& before = document_[old];
    const Node& after = other_[fresh];
    const bool scalars = before.kind == NodeKind::scalar && after.kind == NodeKind::scalar;
    if (scalars && plain_text(before) == plain_text(after)) return;
    const bool emptied = after.first_child == no_node, filled = before.first_child == no_node;
    if (scalars || before.kind != after.kind || emptied || filled) {
      if (!scalars && before.kind == after.kind && emptied && filled) return;
      replace_value(document_, old, other_, fresh, style_, edits_);
      return;
    }
    const std::size_t known = pairs_.size();
    const ChildChanges changes = before.kind == NodeKind::map ? match_map(old, fresh) : match_list(old, fresh);
    const bool kept = std::any_of(changes.begin(), changes.end(),
                                  [](const ChildChange& change) { return change.old != no_node && !change.removed; });
    if (!kept) pairs_.resize(known);
    change_children(document_, old, changes, other_, style_, edits_);
  }

  // Entries that stay keep their order; a new one stands before the first with a greater key.
  ChildChanges match_map(NodeId old, NodeId fresh) {
    std::map<std::string_view, NodeId> added;
    for (const NodeId entry : entries_of(other_, fresh)) added.emplace(other_[entry].key, entry);
    ChildChanges changes;
    for (const NodeId entry : entries_of(document_, old)) {
      const auto found = added.find(document_[entry].key);
      changes.push_back({entry, found == added.end(), no_node, {}});
      if (found == added.end()) continue;
      pairs_.push_back({entry, found->second});
      added.erase(found);
    }
    ChildChanges merged;
    auto next = added.begin();
    const auto put_until = [&](const std::string_view* key) {
      for (; next != added.end() && (key == nullptr || next->first < *key); ++next) {
        merged.push_back({no_node, false, next->second, next->first});
      }
    };
    for (const ChildChange& change : changes) {
      if (!change.removed) put_until(&document_[change.old].key);
      merged.push_back(change);
    }
    put_until(nullptr);
    return merged;
  }

  // Items of the same identity are paired in order.
  ChildChanges match_list(NodeId old, NodeId fresh) {
    const std::vector<NodeId> before = entries_of(document_, old), after = entries_of(other_, fresh);
    std::map<std::string, std::vector<std::size_t>> places;
    for (std::size_t i = before.size(); i-- > 0;) places[identity(document_, before[i])].push_back(i);
    ChildChanges changes;
    std::size_t next = 0;
    for (const NodeId item : after) {
      std::vector<std::size_t>& found = places[identity(other_, item)];
      while (!found.empty() && found.back() < next) found.pop_back();
      if (found.empty()) {
        changes.push_back({no_node, false, item, {}});
        continue;
      }
      for (; next < found.back(); ++next) changes.push_back({before[next], true, no_node, {}});
      changes.push_back({before[next], false, no_node, {}});
      pairs_.push_back({before[next++], item});
    }
    for (; next < before.size(); ++next) changes.push_back({before[next], true, no_node, {}});
    return changes;
  }

  const Document& document_;
  const Document& other_;
  FragmentStyle style_;
  Edits& edits_;
  std::vector<Pair> pairs_;
};

}  // namespace

void change_into(const Document& document, NodeId old, const Document& other, NodeId fresh, const FragmentStyle& style,
                 Edits& edits) {
  Difference(document, other, style, edits).run(old, fresh);
}

}  // namespace leafseal::yaml
