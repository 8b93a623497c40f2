#include "formats/yaml_comments.hpp"

#include <algorithm>

namespace leafseal::yaml {
namespace {

constexpr std::uint32_t look_ahead = 512;  // bytes, as far as the reference looks

}  // namespace

// Takes the comment line at the cursor.
void Comments::add_line(Cursor& cursor, bool in_flow) {
  const std::uint32_t end = cursor.line_end();
  lines.push_back({{cursor.pos, end}, in_flow});
  cursor.skip(end - cursor.pos);
}

void Comments::scan_inline(Cursor& cursor, std::int64_t anchor, bool in_flow) {
  if (cursor.breaks > 0) return;
  std::uint32_t ahead = 0;
  while (ahead < look_ahead && is_blank(*cursor.ahead(ahead))) ++ahead;
  if (ahead == look_ahead || *cursor.ahead(ahead) != '#') return;
  cursor.pos += ahead;
  const auto first = static_cast<std::uint32_t>(lines.size());
  pieces_.push_back({Kind::inline_, anchor, cursor.pos, 0, 0, cursor.line, 0, first, first + 1});
  add_line(cursor, in_flow);
}

void Comments::promote_inline(const Cursor& cursor) {
  if (reached_ == pieces_.size()) return;
  Piece& piece = pieces_.back();
  if (piece.kind != Kind::inline_ || single_break(cursor.here()) != 0) return;
  piece.kind = Kind::head;
  if (piece.line + 1 == cursor.line) piece.anchor = cursor.pos;
}

// The look-ahead goes byte by byte and does not know CR LF as one break: behind a comment that ends so it meets the
// LF as a blank line. Lines are counted the same way, and the line of a comment that follows another directly is the
// former's: both decide owners.
void Comments::scan_run(Cursor& cursor, const Surroundings& around) {
  const auto limit = static_cast<std::uint32_t>(std::max(around.indent, 0));
  std::int64_t foot_line = -1;  // where a foot of the content before must begin
  if (around.scan_line > 0) {
    foot_line = static_cast<std::int64_t>(cursor.line) - cursor.breaks + 1;
    if (cursor.breaks == 0 && cursor.column() > 1) ++foot_line;
  }
  Piece piece{Kind::head, around.token_place, 0, around.scan_begin, 0, 0, 0, 0, 0};
  std::uint32_t line = cursor.line, column = cursor.column();
  bool no_blank_line_yet = cursor.breaks <= 1, after_blank_line = false, have = false;
  const auto dedented = [&] { return static_cast<std::int64_t>(piece.column) - 1 < limit; };
  const auto close_as_foot = [&](std::uint32_t end) {
    piece.kind = Kind::foot;
    piece.end = end;
    piece.last = static_cast<std::uint32_t>(lines.size());
    pieces_.push_back(piece);
    piece.scan_begin = piece.anchor = end;
    have = false;
  };
  std::uint32_t ahead = 0;
  for (; ahead < look_ahead; ++ahead) {
    const char* p = cursor.ahead(ahead);
    ++column;
    if (is_blank(*p)) continue;
    const bool closes_flow = around.in_flow && (*p == ']' || *p == '}');
    if (closes_flow || is_break_or_end(p)) {
      const bool follows_content = piece.line == foot_line && !around.after_value;
      if (have && (closes_flow || (!after_blank_line && no_blank_line_yet && (follows_content || dedented())))) {
        if (dedented()) piece.anchor = piece.begin;
        close_as_foot(cursor.pos + ahead);
      } else if (have && !after_blank_line && *p != 0) {
        lines.back().blank_after = true;
      }
      if (single_break(p) == 0) break;
      no_blank_line_yet = false;
      after_blank_line = true;
      column = 0;
      ++line;
      continue;
    }
    if (have && column - 1 < limit && column != piece.column) close_as_foot(cursor.pos + ahead);
    if (*p != '#') break;
    const std::uint32_t at = cursor.pos + ahead;
    if (!have) {
      piece.begin = at;
      piece.line = line;
      piece.column = column;
      piece.first = static_cast<std::uint32_t>(lines.size());
      have = true;
    }
    after_blank_line = false;
    while (cursor.pos < at) {
      if (single_break(cursor.here()) != 0) {
        cursor.skip_break();
      } else {
        ++cursor.pos;
      }
    }
    add_line(cursor, around.in_flow);
    ahead = 0;
    column = 0;
    line = cursor.line;
  }
  if (!have) return;
  piece.kind = Kind::head;
  piece.anchor = piece.begin;
  piece.end = static_cast<std::int64_t>(cursor.pos) + ahead - 1;
  piece.last = static_cast<std::uint32_t>(lines.size());
  pieces_.push_back(piece);
}

std::int64_t Comments::block_end(std::int64_t place, int indent) const {
  std::int64_t chain = place;
  for (std::size_t i = pieces_.size(); i > reached_; --i) {
    const Piece& piece = pieces_[i - 1];
    if (piece.end < chain) break;
    if (static_cast<int>(piece.column) == indent + 1) place = piece.begin;
    chain = piece.scan_begin;
  }
  return place;
}

void Comments::reach(const Token& token) {
  while (reached_ < pieces_.size() && token.place >= pieces_[reached_].anchor) {
    const Piece& piece = pieces_[reached_];
    if (piece.kind == Kind::head && token.type == TokenType::block_end) break;
    CommentLines& to = piece.kind == Kind::head   ? waiting_.head
                       : piece.kind == Kind::foot ? waiting_.foot
                                                  : waiting_.inline_;
    for (std::uint32_t i = piece.first; i < piece.last; ++i) to.push_back(i);
    ++reached_;
  }
  if (reached_ == pieces_.size() && reached_ != 0) {
    pieces_.clear();
    reached_ = 0;
  }
}

OwnedComments Comments::take() {
  OwnedComments taken;
  std::swap(taken, waiting_);
  return taken;
}

CommentLines Comments::take_heads(std::size_t count) {
  const auto end = waiting_.head.begin() + static_cast<std::ptrdiff_t>(count);
  CommentLines taken(waiting_.head.begin(), end);
  waiting_.head.erase(waiting_.head.begin(), end);
  return taken;
}

CommentLines Comments::take_document_head() {
  std::size_t count = waiting_.head.size();
  while (count > 0 && !lines[waiting_.head[count - 1]].blank_after) --count;
  return take_heads(count);
}

}  // namespace leafseal::yaml
