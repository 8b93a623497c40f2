// Seals every leaf and comment of a text with made-up tokens, adds a metadata block, reads the result back, opens it
// and takes the block out: the whole way of a document through a Format, without cryptography.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/base64.hpp"
#include "leafseal/format.hpp"
#include "leafseal/walk.hpp"

namespace leafseal::testing {

struct Leaf {
  NodeId node = no_node;
  std::string path;  // associated data
  bool comment = false;
  ScalarType type = ScalarType::null;
  std::string text;

  bool sealable() const {
    return comment || (type != ScalarType::null && (type != ScalarType::string || !text.empty()));
  }
  bool operator==(const Leaf& other) const {
    return path == other.path && comment == other.comment && type == other.type && text == other.text;
  }
};

inline std::vector<Leaf> leaves_of(const Document& document) {
  struct Collector {
    const Document& document;
    std::vector<Leaf> leaves;
    void enter(NodeId) {}
    void leave(NodeId) {}
    void leaf(NodeId id, std::string_view data) {
      leaves.push_back({id, std::string(data), false, document[id].type, std::string(document[id].text)});
    }
    void comment(NodeId id, std::string_view data) {
      if (document[id].text.empty()) return;
      leaves.push_back({id, std::string(data), true, ScalarType::string, std::string(document[id].text)});
    }
  } collector{document, {}};
  walk(document, document.roots[0], collector);
  return std::move(collector.leaves);
}

inline std::string made_up_token(const Leaf& leaf) {
  return "ENC[AES256_GCM,data:" + base64::encode(leaf.text) + ",iv:" + std::string(43, 'A') +
         "=,tag:" + std::string(22, 'B') + "==,type:" + (leaf.comment ? "comment" : "str") + "]";
}

// A metadata block with a list, a multi-line text and a number.
inline NodeId sample_metadata(Document& tree, const std::string& mac = "ENC[mac]") {
  const NodeId map = tree.add(NodeKind::map, no_node);
  const NodeId age = tree.add(NodeKind::list, map);
  tree[age].key = "age";
  const NodeId key = tree.add(NodeKind::map, age);
  tree.add_scalar(key, "enc", Value::string("-----BEGIN AGE-----\nAAAA==\n-----END AGE-----\n"));
  tree.add_scalar(key, "recipient", Value::string("age1one"));
  tree.add_scalar(map, "lastmodified", Value::string("2026-01-02T03:04:05Z"));
  tree.add_scalar(map, "mac", Value::string(mac));
  tree.add_scalar(map, "shamir_threshold", Value::integer(2));
  tree.add_scalar(map, "version", Value::string("3.13.2"));
  return map;
}

struct SealedText {
  std::string text;
  std::vector<Leaf> leaves;         // of the plain text, in order
  std::vector<bool> sealed;         // which of them
  std::vector<Spelling> spellings;  // what the tokens do not carry
};

using Selects = std::function<bool(const Leaf&)>;

inline SealedText seal_all(const Format& format, const std::string& plain, const Selects& selects) {
  const Document document = format.parse(plain, ParseMode::plain);
  SealedText out;
  out.leaves = leaves_of(document);
  Edits edits;
  for (const Leaf& leaf : out.leaves) {
    out.sealed.push_back(leaf.sealable() && selects(leaf));
    out.spellings.push_back(out.sealed.back() ? format.lost_spelling(document, leaf.node) : Spelling{});
    if (out.sealed.back()) format.seal(document, leaf.node, made_up_token(leaf), edits);
  }
  Document metadata;
  const NodeId block = sample_metadata(metadata);
  format.write_metadata(document, metadata, block, edits);
  out.text = apply_edits(document.source(), edits);
  return out;
}

inline std::string open_all(const Format& format, const SealedText& sealed) {
  const Document document = format.parse(sealed.text, ParseMode::sealed);
  const std::vector<Leaf> leaves = leaves_of(document);
  if (leaves.size() != sealed.leaves.size()) return "the sealed text has other leaves:\n" + sealed.text;
  Edits edits;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const Leaf& plain = sealed.leaves[i];
    if (leaves[i].path != plain.path) return "leaf " + std::to_string(i) + " moved:\n" + sealed.text;
    if (!sealed.sealed[i]) continue;
    if (!leaves[i].text.starts_with(made_up_token(plain)))
      return "leaf " + std::to_string(i) + " has no token:\n" + sealed.text;
    format.open(document, leaves[i].node, {plain.type, plain.text}, sealed.spellings[i], edits);
  }
  format.remove_metadata(document, edits);
  return apply_edits(document.source(), edits);
}

// The text after the whole way; the same text, if all is well.
inline std::string there_and_back(
    const Format& format, const std::string& plain, const Selects& selects = [](const Leaf&) { return true; }) {
  return open_all(format, seal_all(format, plain, selects));
}

}  // namespace leafseal::testing
