// Document: a parsed file. It keeps the source text and a flat array of nodes that point into it, so a tree of 100,000
// leaves costs little and an edit knows exactly which bytes it may touch. The same type serves without a source: a
// decoded or synthetic tree (the value of `set`, a metadata block, the input of canonical emission) has empty spans.
//
// A file holds one or more documents (YAML; all other formats exactly one), each a root node that is a map. The
// metadata entry (`sops`, or the `sops_` lines) is not among a root's children: it stands in `metadata`.
//
// Children are linked in *model order* (spec: format.md 7.2): a comment stands before the entry it belongs to, an
// inline comment before its value although it follows it in the source. Walking never recurses: inputs may be 10,000
// levels deep (security.md P2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/span.hpp"
#include "leafseal/value.hpp"

namespace leafseal {

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xffffffffU;

enum class NodeKind : std::uint8_t { map, list, scalar, alias, comment };

// How a node is written. Flow and block apply to collections, the rest to scalars; formats other than YAML use plain
// and double_quoted (INI also single_quoted, and `literal` for a value in backticks or triple quotes).
enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded, block, flow };

struct Node {
  NodeKind kind = NodeKind::map;
  ScalarType type = ScalarType::null;  // of a scalar
  Style style = Style::plain;
  bool in_flow = false;         // stands inside a flow collection
  bool inline_comment = false;  // comment: follows its value on the same line
  bool lost = false;            // comment: no container owns it (format.md 7.2); child of the root, never emitted
  bool unread = false;          // comment: of its container, but the reference drops it (INI, format.md 10); never emitted
  bool list_item_comment = false;  // comment: written as a list item `- ENC[...,type:comment]` (format.md 7.5)

  NodeId parent = no_node;
  NodeId first_child = no_node;  // of an alias: the node it stands for
  NodeId last_child = no_node;
  NodeId next = no_node;

  // The value as written: a scalar with its quotes (a block scalar from its | or > to the end of its last content
  // line, without the final break), a collection from its first to its last byte, a comment from its mark to the end
  // of its line. Tag and anchor are not in it.
  Span span;
  Span key_span;            // a map entry's key as written; of a block list item its dash
  Span tag;                 // the tag as written, or empty
  std::uint32_t begin = 0;  // where the value begins, tag and anchor included

  std::string_view key;   // decoded
  std::string_view text;  // scalar: canonical text (value.hpp); comment: all after the mark; alias: the anchor's name
};

class Document {
 public:
  explicit Document(std::string source = {}) : source_(std::make_unique<const std::string>(std::move(source))) {}
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;

  const std::string& source() const { return *source_; }
  std::string_view text(Span span) const { return std::string_view(*source_).substr(span.begin, span.size()); }

  Node& operator[](NodeId id) { return nodes_[id]; }
  const Node& operator[](NodeId id) const { return nodes_[id]; }
  std::size_t size() const { return nodes_.size(); }
  void reserve(std::size_t nodes) { nodes_.reserve(nodes); }

  // A new node; references to nodes do not survive it, ids do. As the last child of `parent` unless that is no_node.
  NodeId add(NodeKind kind, NodeId parent);
  NodeId add_scalar(NodeId parent, std::string_view key, const Value& value);  // keeps copies of both texts
  // Takes a child out of its parent's chain; the node itself stays in the array. Linear in the number of siblings.
  void unlink(NodeId child);
  // Puts an unlinked node into the chain after `after`, first where that is no_node.
  void link_after(NodeId parent, NodeId after, NodeId child);

  // A copy of another document's subtree as the last child of `parent`; spans are left behind, texts are kept.
  NodeId copy(const Document& from, NodeId node, NodeId parent);

  // Text that lives as long as the document.
  std::string_view keep(std::string text);

  // The entry of a map by key, comments skipped; no_node if absent. With duplicates the first.
  NodeId find(NodeId map, std::string_view key) const;
  // The n-th child of a list as the reference counts them, comments included (cli.md 2.3); no_node if it has fewer, or
  // if a comment stands there.
  NodeId item(NodeId list, std::size_t index) const;

  std::vector<NodeId> roots;     // one a document, each a map
  std::vector<NodeId> metadata;  // as many: the metadata entry of that document, or no_node
  std::vector<NodeId> extra_metadata;  // further entries of that name in the first document: an error of the caller's to report
  bool has_aliases = false;
  bool bom = false;

 private:
  std::unique_ptr<const std::string> source_;  // behind a pointer: views into it survive a move of the document
  std::vector<Node> nodes_;
  std::deque<std::string> kept_;
};

// Line and column of a byte offset, counted from 1; columns count characters.
Place place_of(std::string_view source, std::size_t offset);

}  // namespace leafseal
