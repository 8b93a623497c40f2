#include "seal/opaque.hpp"

#include "leafseal/mac.hpp"
#include "leafseal/token.hpp"
#include "seal/carry_metadata.hpp"
#include "seal/written_keys.hpp"

namespace leafseal {
namespace {

// The frame around the token: what sealing a one-byte file gives, cut where its token stands.
struct Frame {
  std::string head, tail;
  std::string associated_data;  // of the leaf
};

Frame frame(const Format& format, bool empty, const Metadata& metadata, const Document* previous) {
  static constexpr std::string_view mark = "ENC[AES256_GCM,data:mark]";
  const Document document = format.parse(empty ? "" : "x", ParseMode::plain);
  const NodeId leaf = document[document.roots.at(0)].first_child;
  Edits edits;
  if (!empty) format.seal(document, leaf, mark, edits);
  Document tree;
  const NodeId map = metadata_tree(tree, metadata, previous);
  carry_metadata(format, document, previous, tree, map, edits);
  const std::string text = apply_edits(document.source(), edits);
  require_written_keys(format.parse(text, ParseMode::sealed), metadata.keys);
  const std::size_t at = empty ? std::string::npos : text.find(mark);
  if (at == std::string::npos) return {text, {}, {}};
  return {text.substr(0, at), text.substr(at + mark.size()), std::string(document[leaf].key) + ":"};
}

// The one leaf of the older version, if it holds the same content.
std::string_view unchanged_token(const OpenedDocument& previous, const std::string& source) {
  const NodeId leaf = previous.sealed[previous.sealed.roots.at(0)].first_child;
  return previous.was_token[leaf] && previous.values[leaf].text == source ? previous.sealed[leaf].text : std::string_view();
}

}  // namespace

SealedText seal_opaque(const Format& format, const std::string& source, Metadata metadata, LeafCipher& cipher,
                       const SealOptions& options) {
  const Document* previous = options.previous == nullptr ? nullptr : &options.previous->sealed;
  if (options.previous != nullptr && !unchanged_token(*options.previous, source).empty()) {
    return {previous->source(), 1, 0};
  }
  Mac mac(metadata.mac_only_encrypted);
  mac.add(source);
  metadata.last_modified = options.now;
  metadata.mac = cipher.seal(mac.digest(), metadata.mac_associated_data(), TokenType::str);
  metadata.layout.clear();

  const Frame around = frame(format, source.empty(), metadata, previous);
  SealedText result{{}, source.empty() ? 0U : 1U, 0};
  result.text.reserve(around.head.size() + token_length(source.size(), TokenType::str) + around.tail.size());
  result.text = around.head;
  if (!source.empty()) cipher.seal(source, around.associated_data, TokenType::str, result.text);
  result.text += around.tail;
  return result;
}

}  // namespace leafseal
