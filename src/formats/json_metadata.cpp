#include "formats/json_metadata.hpp"

#include <map>
#include <vector>

#include "formats/json_edit.hpp"
#include "formats/json_layout.hpp"
#include "formats/json_members.hpp"

namespace leafseal {
namespace {

using Members = std::vector<NodeId>;

Members members_of(const Document& document, NodeId container) {
  Members out;
  for (NodeId at = document[container].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind != NodeKind::comment) out.push_back(at);
  }
  return out;
}

// Changes the tree `old` of a source into the tree `fresh` with as few edits as there are differences.
class Difference {
 public:
  Difference(const Document& old, const Document& fresh, Edits& edits) : old_(old), fresh_(fresh), edits_(edits) {}

  void run(NodeId old, NodeId fresh) {
    pairs_.push_back({old, fresh});
    while (!pairs_.empty()) {
      const Pair pair = pairs_.back();
      pairs_.pop_back();
      compare(pair.old, pair.fresh);
    }
  }

 private:
  // A member before, after, or both; what is new has no `old`, what goes has no `fresh`.
  struct Pair {
    NodeId old = no_node;
    NodeId fresh = no_node;
  };

  void compare(NodeId old, NodeId fresh) {
    const NodeKind kind = old_[old].kind;
    if (kind != fresh_[fresh].kind) return replace_json(old_, old, fresh_, fresh, edits_);
    if (kind == NodeKind::scalar) {
      if (old_[old].text != fresh_[fresh].text) replace_json(old_, old, fresh_, fresh, edits_);
      return;
    }
    merge(old, kind == NodeKind::map ? match_members(old, fresh) : match_items(old, fresh));
  }

  // Members that stay keep their order; a new one stands before the first with a greater key.
  std::vector<Pair> match_members(NodeId old, NodeId fresh) const {
    std::map<std::string_view, NodeId> added;
    for (const NodeId member : members_of(fresh_, fresh)) added.emplace(fresh_[member].key, member);
    std::vector<Pair> out;
    for (const NodeId member : members_of(old_, old)) {
      const auto found = added.find(old_[member].key);
      out.push_back({member, found == added.end() ? no_node : found->second});
      if (found != added.end()) added.erase(found);
    }
    std::vector<Pair> merged;
    auto next = added.begin();
    for (const Pair& pair : out) {
      for (; next != added.end() && next->first < old_[pair.old].key; ++next) merged.push_back({no_node, next->second});
      merged.push_back(pair);
    }
    for (; next != added.end(); ++next) merged.push_back({no_node, next->second});
    return merged;
  }

  // Equal items at both ends of a list stay; those between are matched in order.
  std::vector<Pair> match_items(NodeId old, NodeId fresh) const {
    const Members before = members_of(old_, old), after = members_of(fresh_, fresh);
    std::size_t head = 0, tail = 0;
    while (head < before.size() && head < after.size() && same(before[head], after[head])) ++head;
    const std::size_t shorter = std::min(before.size(), after.size());
    while (head + tail < shorter && same(before[before.size() - 1 - tail], after[after.size() - 1 - tail])) ++tail;
    std::vector<Pair> out;
    for (std::size_t i = 0; i < std::max(before.size(), after.size()) - tail; ++i) {
      out.push_back({i < before.size() - tail ? before[i] : no_node, i < after.size() - tail ? after[i] : no_node});
    }
    for (std::size_t i = tail; i > 0; --i) out.push_back({before[before.size() - i], after[after.size() - i]});
    return out;
  }

  bool same(NodeId old, NodeId fresh) const {
    std::vector<Pair> open{{old, fresh}};
    while (!open.empty()) {
      const Pair pair = open.back();
      open.pop_back();
      const Node& a = old_[pair.old];
      const Node& b = fresh_[pair.fresh];
      if (a.kind != b.kind || a.text != b.text) return false;
      if (a.kind == NodeKind::scalar) continue;
      const Members left = members_of(old_, pair.old), right = members_of(fresh_, pair.fresh);
      if (left.size() != right.size()) return false;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (old_[left[i]].key != fresh_[right[i]].key) return false;
        open.push_back({left[i], right[i]});
      }
    }
    return true;
  }

  void merge(NodeId container, const std::vector<Pair>& members) {
    const bool map = old_[container].kind == NodeKind::map;
    JsonGap gap;
    std::optional<JsonLayout> layout;  // read off the source only where something is added
    const auto layout_here = [&]() -> const JsonLayout& {
      if (!layout) layout = json_layout_in(old_, container);
      return *layout;
    };
    const auto close_gap = [&](NodeId after) {
      gap.after = after;
      if (!gap.added.empty() || gap.first_removed != no_node) fill_gap(old_, container, gap, layout_here(), edits_);
      gap = {};
      gap.before = after;
    };
    for (const Pair& pair : members) {
      if (pair.old != no_node && pair.fresh != no_node) {
        close_gap(pair.old);
        pairs_.push_back(pair);
      } else if (pair.old != no_node) {
        if (gap.first_removed == no_node) gap.first_removed = pair.old;
        gap.last_removed = pair.old;
      } else {
        std::string& text = gap.added.emplace_back();
        if (map) {
          append_json_member(text, fresh_, fresh_[pair.fresh].key, pair.fresh, layout_here());
        } else {
          append_json(text, fresh_, pair.fresh, layout_here());
        }
      }
    }
    close_gap(no_node);
  }

  const Document& old_;
  const Document& fresh_;
  Edits& edits_;
  std::vector<Pair> pairs_;
};

}  // namespace

std::string json_metadata_block(const Document& metadata, NodeId node, bool first, const std::string& newline) {
  JsonLayout layout;
  layout.newline = newline;
  layout.indent = layout.unit;
  layout.dialect = JsonDialect::reference;
  std::string block = (first ? "" : ",") + newline + layout.indent;
  append_json_member(block, metadata, "sops", node, layout);
  return block;
}

void write_json_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) {
  if (document.metadata[0] != no_node) return Difference(document, metadata, edits).run(document.metadata[0], node);
  const Node& root = document[document.roots[0]];
  const bool empty = root.last_child == no_node;
  const std::uint32_t at = empty ? root.span.begin + 1 : document[root.last_child].span.end;
  edits.push_back({{at, at}, json_metadata_block(metadata, node, empty, json_newline(document.source()))});
}

void remove_json_metadata(const Document& document, Edits& edits) {
  const NodeId metadata = document.metadata[0];
  if (metadata == no_node) return;
  if (document[document.roots[0]].first_child != no_node) return remove_json(document, metadata, edits);
  // The block alone in its root: what stood behind the opening brace before stands behind the block now.
  edits.push_back({{document[document.roots[0]].span.begin + 1, document[metadata].span.end}, ""});
}

}  // namespace leafseal
