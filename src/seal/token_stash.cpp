#include "seal/token_stash.hpp"

#include "leafseal/token.hpp"
#include "leafseal/walk.hpp"

namespace leafseal {
namespace {

std::string content_key(std::string_view associated_data, std::string_view type_name, std::string_view plaintext) {
  std::string key = std::to_string(associated_data.size());
  key.append(":").append(type_name).append(":").append(associated_data).append(plaintext);
  return key;
}

}  // namespace

std::string_view bare_token(std::string_view text) { return text.substr(0, text.rfind(']') + 1); }

TokenStash::TokenStash(const Format& format, const OpenedDocument& previous, LeafCipher& cipher)
    : format_(format), previous_(previous), claimed_(previous.sealed.size()), addresses_(std::make_unique<Addresses>(previous.sealed)) {
  struct Visitor {
    TokenStash& stash;
    void enter(NodeId) {}
    void leave(NodeId) {}
    void leaf(NodeId node, std::string_view data) {
      if (!stash.previous_.was_token[node]) return;
      stash.add(node, data, token_type_name(token_type(stash.previous_.values[node].type)));
    }
    void comment(NodeId node, std::string_view data) {
      if (stash.previous_.was_token[node]) stash.add(node, data, token_type_name(TokenType::comment));
    }
  };
  Visitor visitor{*this};
  for (const NodeId root : previous.sealed.roots) walk(previous.sealed, root, visitor);
  for (const LayoutRecord& record : read_layout(previous, cipher, nullptr)) {
    const NodeId node = addresses_->at(record.address);
    if (node == no_node) continue;
    if (record.kind == RecordKind::value) spellings_[node].value = record.text;
    if (record.kind == RecordKind::tag) spellings_[node].tag = record.text;
  }
}

void TokenStash::add(NodeId node, std::string_view data, std::string_view type_name) {
  by_content_[content_key(data, type_name, previous_.values[node].text)].nodes.push_back(node);
}

NodeId TokenStash::take(std::string_view data, std::string_view type_name, std::string_view plaintext) {
  const auto found = by_content_.find(content_key(data, type_name, plaintext));
  if (found == by_content_.end()) return no_node;
  Queue& queue = found->second;
  while (queue.next < queue.nodes.size() && claimed_[queue.nodes[queue.next]]) ++queue.next;
  if (queue.next == queue.nodes.size()) return no_node;
  claimed_[queue.nodes[queue.next]] = true;
  return queue.nodes[queue.next++];
}

bool TokenStash::keep(NodeId node, std::string_view region) {
  if (claimed_[node] || opened_region(node, previous_.values[node], true) != region) return false;
  claimed_[node] = true;
  return true;
}

NodeId TokenStash::leaf_at(const Address& address) const {
  const NodeId node = addresses_->at(address);
  return node != no_node && previous_.was_token[node] ? node : no_node;
}

std::string_view TokenStash::sealed_region(NodeId node) const {
  const Node& n = previous_.sealed[node];
  return previous_.sealed.text({n.begin, n.span.end});
}

std::optional<std::string> TokenStash::opened_region(NodeId node, const Value& value, bool with_spelling) const {
  const Node& n = previous_.sealed[node];
  Edits edits;
  const auto spelling = spellings_.find(node);
  format_.open(previous_.sealed, node, value,
               with_spelling && spelling != spellings_.end() ? spelling->second : Spelling{}, edits);
  Edits within;  // counted from the region's beginning
  for (const Edit& edit : edits) {
    if (edit.where.begin < n.begin || edit.where.end > n.span.end) return std::nullopt;
    within.push_back({{edit.where.begin - n.begin, edit.where.end - n.begin}, edit.text});
  }
  return apply_edits(sealed_region(node), within);
}

}  // namespace leafseal
