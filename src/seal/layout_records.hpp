// Layout records: how the author wrote what a token cannot carry - `0x1F`, a folded block, an alias. All records of a
// document are one encrypted member of its metadata, leafseal.layout; on reading a record is used only if its text
// means, in its place, exactly the decrypted value (design: layout records; doc/wire-format.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal {

// The associated data of the member. No leaf's can equal it: theirs end in a colon.
inline constexpr std::string_view layout_associated_data = "leafseal.layout.v1";

enum class RecordKind : std::uint8_t { value, tag, alias, comment };

// Where a node stands: the document's number and the steps down from its root, each as JSON: a key `"a"`, a list
// position `0`, or `["a",1]` for the second entry of that key.
struct Address {
  std::size_t document = 0;
  std::vector<std::string> steps;
  bool operator==(const Address&) const = default;
};

struct LayoutRecord {
  Address address;
  RecordKind kind = RecordKind::value;
  std::string text;
};
using LayoutRecords = std::vector<LayoutRecord>;

std::string encode_layout(const LayoutRecords& records);
// Records of an unknown version or form are none; `warn` says so.
LayoutRecords decode_layout(std::string_view json, const Warn& warn);

// The records that a sealed document carries, none if there are none or they do not open.
LayoutRecords read_layout(const OpenedDocument& opened, LeafCipher& cipher, const Warn& warn);

// Finds nodes by address and addresses of nodes. Only the containers on the way are looked at, each once. A comment has
// the address of the entry or section it belongs to and is looked up by comment_at().
class Addresses {
 public:
  explicit Addresses(const Document& document) : document_(document), listed_(document.size()), step_(document.size()) {}
  Address of(NodeId node) const;
  NodeId at(const Address& address) const;          // no_node if absent
  NodeId comment_at(const Address& address) const;  // the comment of the entry or section there

 private:
  void list(NodeId parent) const;
  const Document& document_;
  mutable std::vector<bool> listed_;                         // by container: its children have their steps
  mutable std::vector<std::string> step_;                    // by node: its step below its parent
  mutable std::unordered_map<NodeId, NodeId> owner_;         // by comment: the entry before it, or its section
  mutable std::unordered_map<std::string, NodeId> children_;  // parent's id, '/', step
};

}  // namespace leafseal
