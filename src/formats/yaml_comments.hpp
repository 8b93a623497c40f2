// Comments: which comment belongs to which node (spec: lossless-notes.md 3). The reference derives owners from the way
// its scanner happens to look ahead, and owners are part of what a token is bound to, so the same decisions are made
// here, at the same places: the scanner reports each comment where it meets it, and the grammar is handed the comments
// of a token at the moment it looks at it.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/yaml_cursor.hpp"
#include "formats/yaml_token.hpp"

namespace leafseal::yaml {

struct CommentLine {
  Span span;  // from its # to the end of the line
  bool in_flow = false;
  bool placed = false;       // some node took it
  bool blank_after = false;  // of a head: a blank line follows
};

using CommentLines = std::vector<std::uint32_t>;  // indices of lines

// What a node takes with it: lines above it, behind it, and below it.
struct OwnedComments {
  CommentLines head;
  CommentLines inline_;
  CommentLines foot;
};

class Comments {
 public:
  std::vector<CommentLine> lines;  // all of the text, in its order

  // The comment behind a token, on the same line, if there is one.
  void scan_inline(Cursor& cursor, std::int64_t anchor, bool in_flow);

  struct Surroundings {
    std::uint32_t scan_begin;  // where the scanner began to look for the next token
    std::uint32_t scan_line;
    std::int64_t token_place;  // of the token before; before a comma of the one before that
    bool after_value;          // that token is `:`
    int indent;
    bool in_flow;
  };
  // A run of comments on lines of their own; the cursor is at its first # and left at the end of its last line.
  void scan_run(Cursor& cursor, const Surroundings& around);

  // An inline comment turns out to stand behind a lone `-`: it becomes a head.
  void promote_inline(const Cursor& cursor);

  // The place of a block's end: `place`, or before comments that have the block's own column.
  std::int64_t block_end(std::int64_t place, int indent) const;

  // The grammar looks at a token: all comments up to it wait for the next node.
  void reach(const Token& token);
  // The node that takes all that waits.
  OwnedComments take();
  void drop() { waiting_ = {}; }
  std::size_t waiting_heads() const { return waiting_.head.size(); }
  // The first `count` waiting heads alone.
  CommentLines take_heads(std::size_t count);
  // Those above the last blank line: the head of a whole document.
  CommentLines take_document_head();

 private:
  enum class Kind : std::uint8_t { inline_, head, foot };
  struct Piece {
    Kind kind;
    std::int64_t anchor;     // handed over with the first token at or behind it
    std::int64_t begin;
    std::int64_t scan_begin;  // where the gap that holds it begins: the end of the piece before
    std::int64_t end;         // where the next piece of the same gap begins; 0 for inline comments
    std::uint32_t line;
    std::uint32_t column;     // from 1
    std::uint32_t first, last;  // lines [first, last)
  };
  void add_line(Cursor& cursor, bool in_flow);

  std::vector<Piece> pieces_;
  std::size_t reached_ = 0;  // pieces before it were handed over
  OwnedComments waiting_;
};

}  // namespace leafseal::yaml
