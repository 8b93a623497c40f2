// TokenStash: the tokens of an older sealed version of a document, so that what did not change keeps its bytes. Each
// token is handed out once: equal items of a list keep their own, in order. Looked up by exact associated data, type
// and plaintext (format.md 2.4), or by address for the carrier alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "leafseal/sealed_document.hpp"
#include "seal/layout_records.hpp"

namespace leafseal {

// The token within a scalar's text: block scalars carry a line break behind it.
std::string_view bare_token(std::string_view text);

class TokenStash {
 public:
  TokenStash(const Format& format, const OpenedDocument& previous, LeafCipher& cipher);

  // Claims a node if opening it gives exactly this text: then its old bytes may stand for it.
  bool keep(NodeId node, std::string_view region);
  // The next unclaimed node with this content, or no_node.
  NodeId take(std::string_view associated_data, std::string_view type_name, std::string_view plaintext);
  // The sealed leaf that stood at this address, or no_node.
  NodeId leaf_at(const Address& address) const;

  std::string_view token(NodeId node) const { return bare_token(previous_.sealed[node].text); }
  // The node's bytes in the old file, tag and anchor included.
  std::string_view sealed_region(NodeId node) const;
  // What those bytes become when they hold `value`; nothing when that is not confined to them.
  std::optional<std::string> opened_region(NodeId node, const Value& value, bool with_spelling) const;

 private:
  struct Queue {
    std::vector<NodeId> nodes;
    std::size_t next = 0;
  };
  void add(NodeId node, std::string_view associated_data, std::string_view type_name);

  const Format& format_;
  const OpenedDocument& previous_;
  std::unordered_map<std::string, Queue> by_content_;
  std::vector<bool> claimed_;  // by node
  std::unordered_map<NodeId, Spelling> spellings_;
  std::unique_ptr<Addresses> addresses_;
};

}  // namespace leafseal
