// The end of set and unset: the changed text is settled as every sealed text is, and gets its MAC and metadata.
#include <algorithm>
#include <unordered_set>

#include "leafseal/token.hpp"
#include "leafseal/walk.hpp"
#include "seal/changed_text.hpp"
#include "seal/document_walk.hpp"
#include "seal/settle.hpp"
#include "seal/token_stash.hpp"

namespace leafseal {
namespace {

SealedComments sealed_comments(const OpenedDocument& opened) {
  SealedComments comments;
  struct Visitor {
    const OpenedDocument& opened;
    SealedComments& comments;
    void enter(NodeId) {}
    void leave(NodeId) {}
    void leaf(NodeId, std::string_view) {}
    void comment(NodeId id, std::string_view data) {
      if (!opened.was_token[id]) return;
      comments.emplace(bare_token(opened.sealed[id].text), SealedComment{std::string(data), opened.values[id].text});
    }
  };
  Visitor visitor{opened, comments};
  for (const NodeId root : opened.sealed.roots) walk(opened.sealed, root, visitor);
  return comments;
}

// The records, and those of what was spelt in some way of its own where it gets sealed now, in the document's order.
LayoutRecords with_typed_spellings(const Format& format, const ChangedText& changed, const Selection& selection,
                                   const SealedComments& comments) {
  const Document& written = changed.document();
  LayoutRecords records = changed.records();
  std::unordered_set<NodeId> spelt;
  for (const Path& path : changed.spelt()) {
    if (const NodeId node = changed.find(path); node != no_node) spelt.insert(node);
  }
  if (spelt.empty()) return records;
  const Addresses addresses(written);
  const auto comment_text = [&](NodeId id) {
    const auto known = comments.find(std::string(bare_token(written[id].text)));
    return known == comments.end() ? written[id].text : std::string_view(known->second.text);
  };
  const auto on_leaf = [&](NodeId id, std::string_view, bool selected) {
    if (!selected || !spelt.contains(id) || changed.is_token(id)) return;
    Spelling lost = format.lost_spelling(written, id);
    if (lost.value) records.push_back({addresses.of(id), RecordKind::value, std::move(*lost.value)});
  };
  const auto on_comment = [](NodeId, std::string_view, bool) {};
  walk_selected(written, written.roots.at(0), selection, comment_text, on_leaf, on_comment);
  std::stable_sort(records.begin(), records.end(), [&](const LayoutRecord& a, const LayoutRecord& b) {
    return addresses.at(a.address) < addresses.at(b.address);
  });
  return records;
}

}  // namespace

std::string settled_text(const Format& format, const OpenedDocument& opened, const ChangedText& changed,
                         const Selection& selection, LeafCipher& cipher, const SealOptions& options) {
  const Document& written = changed.document();
  Metadata metadata = opened.metadata;
  const SealedComments comments = sealed_comments(opened);
  Settled settled = settle({format, selection, metadata.mac_only_encrypted, comments, cipher}, written);
  std::string layout;
  if (options.layout_records) layout = encode_layout(with_typed_spellings(format, changed, selection, comments));
  if (layout.empty()) {
    metadata.layout.clear();
  } else if (layout != changed.layout_before()) {
    metadata.layout = cipher.seal(layout, layout_associated_data, TokenType::str);
  }
  metadata.last_modified = options.now;
  metadata.mac = cipher.seal(settled.digest, metadata.mac_associated_data(), TokenType::str);
  Document tree;
  const NodeId map = metadata_tree(tree, metadata, &written);
  format.write_metadata(written, tree, map, settled.edits);
  return apply_edits(written.source(), settled.edits);
}

}  // namespace leafseal
