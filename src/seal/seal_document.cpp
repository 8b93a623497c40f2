#include <algorithm>
#include <functional>
#include <memory>

#include "leafseal/sealed_document.hpp"
#include "leafseal/token.hpp"
#include "seal/carry_metadata.hpp"
#include "seal/document_walk.hpp"
#include "seal/layout_records.hpp"
#include "seal/opaque.hpp"
#include "seal/settle.hpp"
#include "seal/token_stash.hpp"
#include "seal/written_keys.hpp"

namespace leafseal {
namespace {

class Sealer {
 public:
  Sealer(const Format& format, Metadata& metadata, LeafCipher& cipher, const SealOptions& options)
      : format_(format), metadata_(metadata), cipher_(cipher), options_(options), selection_(metadata.selection) {
    if (!selection_.broken().empty()) {
      throw Error(ExitCode::conflicting_parameters,
                  std::string(selection_field(metadata.selection.kind)) + ": " + quoted(selection_.broken()),
                  {"patterns are RE2, as in Go: no look-around, no back-references"});
    }
    if (options.previous != nullptr) stash_ = std::make_unique<TokenStash>(format, *options.previous, cipher);
  }

  SealedText seal(Document source) {
    const Document document = with_aliases_written_out(std::move(source));
    plan(document);
    const std::string layout = options_.layout_records ? encode_layout(records_) : std::string();
    metadata_.layout = layout_token(layout);
    begin_metadata();
    Document tree;
    const NodeId map = metadata_tree(tree, metadata_, previous_document());
    carry_metadata(format_, document, previous_document(), tree, map, edits_);
    std::string text = apply_edits(document.source(), edits_);
    edits_ = {};
    Document written = format_.parse(std::move(text), ParseMode::sealed);
    require_written_keys(written, metadata_.keys);
    return finish(document, std::move(written));
  }

 private:
  const Document* previous_document() const { return options_.previous == nullptr ? nullptr : &options_.previous->sealed; }

  // The author's document with its aliases written out; how they were written becomes records.
  Document with_aliases_written_out(Document document) {
    refuse_reserved_key(document);
    if (!document.has_aliases) return document;
    const auto expanded = format_.expand_aliases(document);
    if (!expanded) return document;
    const Addresses addresses(document);
    for (NodeId id = 0; id < document.size(); ++id) {
      if (document[id].kind != NodeKind::alias) continue;
      records_.push_back({addresses.of(id), RecordKind::alias,
                          std::string(document.text({document[id].begin, document[id].span.end}))});
    }
    Document copy = format_.parse(*expanded, ParseMode::plain);
    const Addresses copied(copy);
    for (const LayoutRecord& record : records_) {
      const NodeId node = copied.at(record.address);
      if (node != no_node) alias_regions_.push_back({copy[node].begin, copy[node].span.end});
    }
    return copy;
  }

  static void refuse_reserved_key(const Document& document) {
    for (const NodeId metadata : document.metadata) {
      if (metadata == no_node) continue;
      throw Error(ExitCode::error_dumping_tree,
                  "Could not marshal tree: Error marshaling metadata: Found key \"sops\" in encrypted data, which is a "
                  "reserved key used for SOPS metadata",
                  {"rename the entry"});
    }
  }

  // Seals each selected leaf in its place; what this loses of the author's spelling becomes a record.
  void plan(const Document& document) {
    std::unique_ptr<Addresses> addresses;
    const auto address_of = [&](NodeId id) {
      if (!addresses) addresses = std::make_unique<Addresses>(document);
      return addresses->of(id);
    };
    leaves_.leaves.reserve(document.size());
    edits_.reserve(document.size());
    for (const NodeId root : document.roots) {
      walk_selected(
          document, root, selection_, [&](NodeId id) { return document[id].text; },
          [&](NodeId id, std::string_view data, bool selected) {
            const Node& node = document[id];
            leaves_.leaves.push_back({id});
            if (!selected || node.type == ScalarType::null || node.text.empty()) return;
            seal_leaf(document, id, data, address_of);
            record(document, id, address_of);
          },
          [&](NodeId id, std::string_view data, bool selected) {
            if (!selected || document[id].text.empty()) return;
            seal_one_comment(document, id, data);
            record(document, id, address_of);
          });
    }
    const auto order = [&](const LayoutRecord& a, const LayoutRecord& b) { return a.address.document < b.address.document; };
    std::stable_sort(records_.begin(), records_.end(), order);
  }

  template <class AddressOf>
  void record(const Document& document, NodeId id, const AddressOf& address_of) {
    if (!options_.layout_records || inside_alias(document[id].span)) return;
    Spelling spelling = format_.lost_spelling(document, id);
    if (spelling.empty()) return;
    const bool is_comment = document[id].kind == NodeKind::comment;
    if (spelling.tag) records_.push_back({address_of(id), RecordKind::tag, std::move(*spelling.tag)});
    if (spelling.value) {
      records_.push_back({address_of(id), is_comment ? RecordKind::comment : RecordKind::value, std::move(*spelling.value)});
    }
  }

  bool inside_alias(Span span) const {
    return std::any_of(alias_regions_.begin(), alias_regions_.end(),
                       [&](Span region) { return region.begin <= span.begin && span.end <= region.end; });
  }

  template <class AddressOf>
  void seal_leaf(const Document& document, NodeId id, std::string_view data, const AddressOf& address_of) {
    const Node& node = document[id];
    const TokenType type = token_type(node.type);
    if (!stash_) {
      const std::string token = cipher_.seal(node.text, data, type);
      remember(token, data);
      format_.seal(document, id, token, edits_);
      return;
    }
    const Span region{node.begin, node.span.end};
    const Value value{node.type, std::string(node.text)};
    const NodeId before = stash_->leaf_at(address_of(id));
    if (before != no_node && stash_->keep(before, document.text(region))) {
      edits_.push_back({region, std::string(stash_->sealed_region(before))});
      return;
    }
    if (const NodeId same = stash_->take(data, token_type_name(type), node.text); same != no_node) {
      if (stash_->opened_region(same, value, true) == document.text(region)) {
        edits_.push_back({region, std::string(stash_->sealed_region(same))});
      } else {
        format_.seal(document, id, stash_->token(same), edits_);
      }
      return;
    }
    const std::string token = cipher_.seal(node.text, data, type);
    if (before != no_node && stash_->opened_region(before, value, false) == document.text(region)) {
      std::string old(stash_->sealed_region(before));
      old.replace(old.find(stash_->token(before)), stash_->token(before).size(), token);
      edits_.push_back({region, std::move(old)});
      return;
    }
    format_.seal(document, id, token, edits_);
  }

  void remember(std::string_view token, std::string_view data) {
    AuthorLeaf& leaf = leaves_.leaves.back();
    const std::string_view tag = parse_token(token)->tag;
    std::copy(tag.begin(), tag.end(), leaf.tag.begin());
    leaf.associated_data = std::hash<std::string_view>()(data);
  }

  void seal_one_comment(const Document& document, NodeId id, std::string_view data) {
    const Node& node = document[id];
    const NodeId same = stash_ ? stash_->take(data, token_type_name(TokenType::comment), node.text) : no_node;
    if (same == no_node) {
      format_.seal(document, id, seal_comment(node.text, data, selection_, cipher_, comments_), edits_);
      return;
    }
    comments_.emplace(stash_->token(same), SealedComment{std::string(data), std::string(node.text)});
    const Node& old = (*previous_document())[same];
    if (old.list_item_comment && !node.inline_comment && document[node.parent].kind == NodeKind::list) {
      // A file of the reference holds this comment as a list item; it stays one while nobody touches it.
      edits_.push_back({node.span, std::string(previous_document()->text({old.key_span.begin, old.span.end}))});
    } else {
      format_.seal(document, id, stash_->token(same), edits_);
    }
  }

  std::string layout_token(const std::string& layout) {
    if (layout.empty()) return {};
    if (options_.previous != nullptr && encode_layout(read_layout(*options_.previous, cipher_, nullptr)) == layout) {
      return options_.previous->metadata.layout;
    }
    return cipher_.seal(layout, layout_associated_data, TokenType::str);
  }

  // Until the digest is known the old MAC stands in, or one of the right length.
  void begin_metadata() {
    if (options_.previous != nullptr) {
      metadata_.last_modified = options_.previous->metadata.last_modified;
      metadata_.mac = options_.previous->metadata.mac;
      return;
    }
    metadata_.last_modified = options_.now;
    metadata_.mac = cipher_.seal(std::string(128, '0'), options_.now, TokenType::str);
  }

  SealedText finish(const Document& document, Document written) {
    leaves_.document = &document;
    Settled settled =
        settle({format_, selection_, metadata_.mac_only_encrypted, comments_, cipher_, &leaves_}, written);
    SealedText result{{}, settled.sealed_leaves, settled.plain_leaves};
    if (options_.previous != nullptr) {
      result.text = apply_edits(written.source(), settled.edits);
      if (result.text == options_.previous->sealed.source()) return result;  // nothing changed: not even the date
    }
    metadata_.last_modified = options_.now;
    metadata_.mac = cipher_.seal(settled.digest, metadata_.mac_associated_data(), TokenType::str);
    Document tree;
    const NodeId map = metadata_tree(tree, metadata_, previous_document());
    format_.write_metadata(written, tree, map, settled.edits);
    result.text = apply_edits(written.source(), settled.edits);
    return result;
  }

  const Format& format_;
  Metadata& metadata_;
  LeafCipher& cipher_;
  const SealOptions& options_;
  Selection selection_;
  std::unique_ptr<TokenStash> stash_;
  Edits edits_;
  LayoutRecords records_;
  std::vector<Span> alias_regions_;  // of the text with aliases written out
  AuthorLeaves leaves_;
  SealedComments comments_;
};

}  // namespace

SealedText seal_document(const Format& format, Document plain, Metadata metadata, LeafCipher& cipher,
                         const SealOptions& options) {
  if (format.opaque()) return seal_opaque(format, plain.source(), std::move(metadata), cipher, options);
  return Sealer(format, metadata, cipher, options).seal(std::move(plain));
}

}  // namespace leafseal
