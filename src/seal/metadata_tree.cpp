#include <algorithm>
#include <array>

#include "leafseal/metadata.hpp"
#include "leafseal/value.hpp"

namespace leafseal {
namespace {

void add_text(Document& tree, NodeId map, std::string_view key, const std::string& text) {
  tree.add_scalar(map, key, Value::string(text));
}

void add_entry(Document& tree, NodeId list, const RecipientEntry& entry) {
  const NodeId map = tree.add(NodeKind::map, list);
  std::vector<std::pair<std::string, std::string>> fields = entry.fields;
  fields.emplace_back("enc", entry.enc);
  if (entry.kind == RecipientKind::kms) {
    // aws_profile is always written, an empty role never (format.md 5.1); context sorts between the two.
    if (entry.field("aws_profile").empty()) {
      std::erase_if(fields, [](const auto& f) { return f.first == "aws_profile"; });
      fields.emplace_back("aws_profile", "");
    }
    std::erase_if(fields, [](const auto& f) { return f.first == "role" && f.second.empty(); });
    if (!entry.context.empty()) fields.emplace_back("context", "");
  }
  std::sort(fields.begin(), fields.end());
  for (const auto& [key, text] : fields) {
    if (entry.kind != RecipientKind::kms || key != "context") {
      add_text(tree, map, key, text);
      continue;
    }
    const NodeId context = tree.add(NodeKind::map, map);
    tree[context].key = "context";
    auto pairs = entry.context;
    std::sort(pairs.begin(), pairs.end());
    for (const auto& [name, value] : pairs) add_text(tree, context, name, value);
  }
}

void add_list(Document& tree, NodeId map, RecipientKind kind, const KeyGroup& group, bool even_if_empty) {
  NodeId list = no_node;
  const auto open = [&] {
    if (list == no_node) {
      list = tree.add(NodeKind::list, map);
      tree[list].key = kind_name(kind);
    }
  };
  if (even_if_empty) open();
  for (const RecipientEntry& entry : group.entries) {
    if (entry.kind != kind) continue;
    open();
    add_entry(tree, list, entry);
  }
}

// The kinds by the byte order of their names.
constexpr std::array<RecipientKind, recipient_kinds> kinds_by_name = {
    RecipientKind::age,   RecipientKind::azure_kv, RecipientKind::gcp_kms, RecipientKind::hc_vault,
    RecipientKind::hckms, RecipientKind::kms,      RecipientKind::pgp};

void add_groups(Document& tree, NodeId map, const KeyGroups& keys) {
  if (keys.groups.size() == 1) {
    for (const RecipientKind kind : kinds_by_name) add_list(tree, map, kind, keys.groups[0], false);
    return;
  }
  const NodeId list = tree.add(NodeKind::list, map);
  tree[list].key = "key_groups";
  for (const KeyGroup& group : keys.groups) {
    const NodeId item = tree.add(NodeKind::map, list);
    for (const RecipientKind kind : kinds_by_name) {
      // The reference writes these two lists even when they are empty.
      add_list(tree, item, kind, group, kind == RecipientKind::age || kind == RecipientKind::hc_vault);
    }
  }
}

bool known_field(std::string_view key) {
  static constexpr std::array<std::string_view, 6> others = {"key_groups",   "shamir_threshold",   "lastmodified",
                                                             "mac",          "mac_only_encrypted", "version"};
  if (std::find(others.begin(), others.end(), key) != others.end()) return true;
  for (const SelectionKind kind : stored_selections) {
    if (key == selection_field(kind)) return true;
  }
  for (const RecipientKind kind : kinds_by_name) {
    if (key == kind_name(kind)) return true;
  }
  return false;
}

// `kms: []`, `shamir_threshold: 0` of older tools: no reason to touch the line.
bool says_nothing(const Document& document, NodeId node) {
  const Node& member = document[node];
  if (member.kind != NodeKind::scalar) return member.first_child == no_node;
  return member.type == ScalarType::null || member.text.empty() || member.text == "0" || member.text == "False";
}

// leafseal's own member: the layout records, beside whatever a later version may keep there.
void add_own_member(Document& tree, NodeId map, const std::string& layout, const Document* old, NodeId old_member) {
  NodeId own = no_node;
  const auto open = [&] {
    if (own == no_node) {
      own = tree.add(NodeKind::map, map);
      tree[own].key = "leafseal";
    }
    return own;
  };
  bool written = layout.empty();
  if (old_member != no_node && (*old)[old_member].kind == NodeKind::map) {
    for (NodeId at = (*old)[old_member].first_child; at != no_node; at = (*old)[at].next) {
      if ((*old)[at].kind == NodeKind::comment) continue;
      if ((*old)[at].key != "layout") {
        tree.copy(*old, at, open());
      } else if (!layout.empty()) {
        add_text(tree, open(), "layout", layout);
        written = true;
      }
    }
  }
  if (!written) add_text(tree, open(), "layout", layout);
}

void sort_members(Document& tree, NodeId map) {
  std::vector<NodeId> members;
  for (NodeId at = tree[map].first_child; at != no_node; at = tree[at].next) members.push_back(at);
  std::stable_sort(members.begin(), members.end(), [&](NodeId a, NodeId b) { return tree[a].key < tree[b].key; });
  NodeId last = no_node;
  for (const NodeId id : members) {
    (last == no_node ? tree[map].first_child : tree[last].next) = id;
    tree[id].next = no_node;
    last = id;
  }
  tree[map].last_child = last;
}

}  // namespace

NodeId metadata_tree(Document& tree, const Metadata& metadata, const Document* old) {
  const NodeId map = tree.add(NodeKind::map, no_node);
  tree[map].key = "sops";
  add_groups(tree, map, metadata.keys);
  if (metadata.keys.threshold != 0) {
    tree.add_scalar(map, "shamir_threshold", Value::integer(metadata.keys.threshold));
  }
  add_text(tree, map, "lastmodified", metadata.last_modified);
  add_text(tree, map, "mac", metadata.mac);
  if (metadata.mac_only_encrypted) tree.add_scalar(map, "mac_only_encrypted", Value::boolean(true));
  if (metadata.selection_stored && metadata.selection.kind != SelectionKind::everything) {
    add_text(tree, map, selection_field(metadata.selection.kind), metadata.selection.pattern);
  }
  add_text(tree, map, "version", metadata.version);

  NodeId old_own = no_node;
  if (old != nullptr && has_metadata(*old) && (*old)[old->metadata[0]].kind == NodeKind::map) {
    for (NodeId at = (*old)[old->metadata[0]].first_child; at != no_node; at = (*old)[at].next) {
      const Node& member = (*old)[at];
      if (member.kind == NodeKind::comment) continue;
      if (known_field(member.key)) {
        if (says_nothing(*old, at) && tree.find(map, member.key) == no_node) tree.copy(*old, at, map);
        continue;
      }
      if (member.key == "leafseal") {
        old_own = at;
      } else {
        tree.copy(*old, at, map);
      }
    }
  }
  add_own_member(tree, map, metadata.layout, old, old_own);
  sort_members(tree, map);
  return map;
}

}  // namespace leafseal
