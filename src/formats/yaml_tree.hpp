// TreeBuilder: the nodes of a YAML file, as its grammar meets them, to the model: entries, items, and comments in the
// order of the model (spec: format.md 7.2, lossless-notes.md 3.6 and 3.7). What the reference refuses about content,
// not syntax, is refused here: duplicate keys, impossible tags, roots that are not mappings, aliases without anchor.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "formats/yaml_anchors.hpp"
#include "formats/yaml_comments.hpp"
#include "formats/yaml_scalar.hpp"
#include "formats/yaml_token.hpp"
#include "formats/yaml_unique_keys.hpp"
#include "leafseal/format.hpp"

namespace leafseal::yaml {

// Where a node begins, and its tag and anchor.
struct Properties {
  std::uint32_t begin = 0;
  std::uint32_t line = 0;
  bool any = false;
  Span tag_span;
  ScalarTag tag = ScalarTag::none;
  std::string_view anchor;
};

class TreeBuilder {
 public:
  TreeBuilder(Document& document, Comments& comments, ParseMode mode)
      : document_(document), comments_(comments), mode_(mode) {}

  void begin_document(std::uint32_t begin, const CommentLines& head);
  void end_document();  // its foot is what waits
  void end_stream();    // places the comments that nobody took

  // Nodes. Whether one is a key, a value, an item or a root follows from what is open.
  void scalar(const Token& token, const Properties& properties);
  void empty(std::uint32_t at, const Properties& properties);  // a node without content; takes no comments
  void alias(const Token& token);
  void open(NodeKind kind, Style style, const Properties& properties, OwnedComments own);
  void close(std::uint32_t end, OwnedComments own);
  void item(Span dash) { levels_.back().dash = dash; }  // of a block list: a dash comes before the next node

 private:
  struct Level {  // an open collection
    NodeId node = no_node;
    bool is_map = false;
    bool is_block = false;
    bool wants_key = true;     // of a map
    bool is_metadata = false;  // or inside: its comments are not the document's
    bool anchored = false;
    bool merges = false;  // the value of `<<`; of a map: the next value is
    std::size_t entries = 0;
    std::uint64_t expanded = 1;    // keys and values it stands for
    std::uint64_t alias_bytes = 0;  // that the aliases in it stand for
    NodeId after_heads = no_node;  // behind which its inline comments go
    std::string_view key;
    Span key_span;
    Span dash;
    CommentLines foot;  // of the last key; it may still change hands
  };
  struct Key {
    std::string_view text;
    Span span;
    std::uint32_t line;
    bool is_alias;
    ScalarType type;
  };

  void scalar_node(const Token& token, const Properties& properties, OwnedComments own);
  void root_scalar(const Token& token, const Properties& properties, const OwnedComments& own);
  void key(const Key& key, OwnedComments& own);
  void check_unique(const Key& key);
  void check_key_type(const Key& key);
  void key_node(const Token& token, const Properties& properties, Resolved& value);
  void finish_leaf(OwnedComments& own);
  void check_merge(NodeKind kind) const;
  NodeId add_child(NodeKind kind, std::uint32_t begin);
  void add_metadata(NodeId node);
  Resolved resolve(const Token& token, const Properties& properties) const;
  bool is_comment_item(const Level& level, const Resolved& value) const;
  void set_value(NodeId node, Resolved& value);
  void defer(const std::string& problem, std::uint32_t at);
  [[noreturn]] void refuse(const std::string& problem, std::uint32_t at) const;
  [[noreturn]] void refuse_root(const char* type, const char* plural, std::uint32_t at) const;

  NodeId add_comment(std::uint32_t line, NodeId parent, bool inline_comment);
  void append_to_root(const CommentLines& lines);
  void append(const Level& level, const CommentLines& lines, bool inline_comment);
  void insert(const Level& owner, NodeId after, const CommentLines& lines, bool inline_comment);
  bool in_metadata(Span span) const;

  bool first_document() const { return document_.roots.size() <= 1; }
  bool plain() const { return mode_ == ParseMode::plain; }

  Document& document_;
  Comments& comments_;
  ParseMode mode_;
  std::vector<Level> levels_;
  std::vector<std::uint32_t> begins_;  // of the documents
  Anchors anchors_;
  UniqueKeys keys_;
  std::optional<Error> deferred_;  // what the reference finds only after all of the text was read
};

}  // namespace leafseal::yaml
