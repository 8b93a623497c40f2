// rotate: a new data key for a document whose text stays. Every token is replaced in its carrier; then the text is
// settled under the new key, which opens each of them once more.
#include "leafseal/mac.hpp"
#include "leafseal/token.hpp"
#include "seal/document_walk.hpp"
#include "seal/layout_records.hpp"
#include "seal/reseal.hpp"
#include "seal/settle.hpp"
#include "seal/written_keys.hpp"

namespace leafseal {
namespace {

class Rekeying {
 public:
  Rekeying(const Format& format, const OpenedDocument& opened, Metadata& metadata, LeafCipher& cipher)
      : format_(format), opened_(opened), document_(opened.sealed), metadata_(metadata), cipher_(cipher),
        selection_(metadata.selection), mac_(metadata.mac_only_encrypted) {
    refuse_broken(selection_);
  }

  std::string run(const std::string& layout, const SealOptions& options) {
    for (const NodeId root : document_.roots) {
      walk_selected(
          document_, root, selection_, [&](NodeId id) { return comment_text(id); },
          [&](NodeId id, std::string_view data, bool selected) { leaf(id, data, selected); },
          [&](NodeId id, std::string_view data, bool) { comment(id, data); });
    }
    write_metadata(document_, edits_);
    const Document written = format_.parse(apply_edits(document_.source(), std::move(edits_)), ParseMode::sealed);
    require_written_keys(written, metadata_.keys);
    Settled settled = settle({format_, selection_, metadata_.mac_only_encrypted, comments_, cipher_}, written);
    if (settled.digest != mac_.digest()) throw would_not_survive();

    metadata_.layout = layout.empty() ? "" : cipher_.seal(layout, layout_associated_data, TokenType::str);
    metadata_.last_modified = options.now;
    metadata_.mac = cipher_.seal(settled.digest, metadata_.mac_associated_data(), TokenType::str);
    write_metadata(written, settled.edits);
    return apply_edits(written.source(), std::move(settled.edits));
  }

 private:
  std::string_view comment_text(NodeId id) const {
    return opened_.was_token[id] ? std::string_view(opened_.values[id].text) : document_[id].text;
  }

  void leaf(NodeId id, std::string_view data, bool selected) {
    if (document_[id].type == ScalarType::null) return;
    const Value& value = opened_.values[id];
    if (selected || !metadata_.mac_only_encrypted) mac_.add(value.text);
    if (!opened_.was_token[id]) return;
    replace_token(format_, document_, id, cipher_.seal(value.text, data, token_type(value.type)), edits_);
  }

  void comment(NodeId id, std::string_view data) {
    if (!opened_.was_token[id]) return;
    const std::string token = seal_comment(opened_.values[id].text, data, selection_, cipher_, comments_);
    replace_token(format_, document_, id, token, edits_);
  }

  void write_metadata(const Document& document, Edits& edits) const {
    Document tree;
    const NodeId map = metadata_tree(tree, metadata_, &document);
    format_.write_metadata(document, tree, map, edits);
  }

  static Error would_not_survive() {
    return {ExitCode::error_encrypting_tree, "the values would not survive another data key; nothing was written",
            {"please report this document's shape"}};
  }

  const Format& format_;
  const OpenedDocument& opened_;
  const Document& document_;
  Metadata& metadata_;
  LeafCipher& cipher_;
  Selection selection_;
  Mac mac_;
  Edits edits_;
  SealedComments comments_;
};

}  // namespace

std::string rekey_document(const Format& format, const OpenedDocument& opened, Metadata metadata, LeafCipher& old_cipher,
                           LeafCipher& new_cipher, const SealOptions& options) {
  const LayoutRecords records = options.layout_records ? read_layout(opened, old_cipher, options.warn) : LayoutRecords();
  return Rekeying(format, opened, metadata, new_cipher).run(records.empty() ? "" : encode_layout(records), options);
}

}  // namespace leafseal
