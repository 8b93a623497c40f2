#include "formats/yaml_scan_scalar.hpp"

#include <algorithm>

namespace leafseal::yaml {
namespace {

// Line breaks between two pieces of a plain or quoted scalar, and what they fold to.
class Fold {
 public:
  bool open() const { return open_; }
  void add(const char* at) {
    if (open_) {
      append_break(at, more_);
    } else {
      open_ = true;
      append_break(at, first_);
    }
  }
  void open_escaped() { open_ = true; }  // behind `\` at the end of a line: the break itself is nothing
  void close(std::string& out) {
    if (first_ != "\n") {
      out += first_ + more_;
    } else if (more_.empty()) {
      out += ' ';
    } else {
      out += more_;
    }
    first_.clear();
    more_.clear();
    open_ = false;
  }

 private:
  bool open_ = false;
  std::string first_;
  std::string more_;
};

// The end of the content that begins at `p`: before a blank, a break, or an indicator that ends a plain scalar.
const char* plain_end(const char* p, CharClass stops) {
  for (;; ++p) {
    while (!is(*p, stops)) ++p;
    if (*p == ':') {
      if (is_blank_or_end(p + 1)) return p;
    } else if ((*p != '\xc2' && *p != '\xe2') || single_break(p) != 0) {
      return p;
    }
  }
}

}  // namespace

bool read_plain(Cursor& cursor, int indent, bool in_flow, Document& document, Token& token) {
  const std::uint32_t begin = cursor.pos, line = cursor.line;
  const auto deeper = static_cast<std::uint32_t>(indent + 1);
  std::uint32_t piece = begin, end = begin;  // text not yet joined; its end without blanks
  std::string joined;
  Fold fold;
  for (;;) {
    if (cursor.at_document_indicator() || *cursor.here() == '#') break;
    const char* p = plain_end(cursor.here(), in_flow ? stops_flow : stops_plain);
    if (p != cursor.here()) {
      if (fold.open()) {
        joined += cursor.view(piece, end);
        fold.close(joined);
        piece = cursor.pos;
      }
      end = cursor.offset(p);
      cursor.skip(end - cursor.pos);
    }
    if (!is_blank(*p) && single_break(p) == 0) break;
    for (;;) {
      p = cursor.here();
      if (is_blank(*p)) {
        if (*p == '\t' && fold.open() && cursor.pos - cursor.line_start < deeper) {
          cursor.fail(line, "found a tab character that violates indentation");
        }
        ++cursor.pos;
      } else if (single_break(p) != 0) {
        fold.add(p);
        cursor.skip_break();
      } else {
        break;
      }
    }
    if (!in_flow && fold.open() && cursor.pos - cursor.line_start < deeper) break;
  }
  token.style = Style::plain;
  token.span = {begin, end};
  token.text = cursor.view(piece, end);
  if (!joined.empty()) token.text = document.keep(joined.append(token.text));
  return fold.open();
}

namespace {

constexpr const char* hex_problem = "did not find expected hexdecimal number";

void append_code(std::uint32_t code, std::string& out) {
  const auto byte = [&](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code <= 0x7f) return byte(code);
  if (code <= 0x7ff) {
    byte(0xc0 | code >> 6);
  } else {
    if (code <= 0xffff) {
      byte(0xe0 | code >> 12);
    } else {
      byte(0xf0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3f));
    }
    byte(0x80 | (code >> 6 & 0x3f));
  }
  byte(0x80 | (code & 0x3f));
}

// One escape of a double-quoted scalar, the cursor at its backslash.
void read_escape(Cursor& cursor, std::uint32_t line, std::string& out) {
  static constexpr std::string_view names = "0abt\tnvfre \"'\\N_LP";
  static constexpr std::string_view values[] = {
      {"\0", 1}, "\a", "\b", "\t", "\t", "\n", "\v", "\f", "\r", "\x1b", " ", "\"", "'", "\\",
      "\xc2\x85", "\xc2\xa0", "\xe2\x80\xa8", "\xe2\x80\xa9"};
  const char name = cursor.here()[1];
  const unsigned digits = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : 0;
  if (digits == 0) {
    const std::size_t index = name == 0 ? std::string_view::npos : names.find(name);
    if (index == std::string_view::npos) cursor.fail(line, "found unknown escape character");
    out += values[index];
    cursor.skip(2);
    return;
  }
  cursor.skip(2);
  std::uint64_t code = 0;
  for (unsigned i = 0; i < digits; ++i) {
    const int digit = hex_digit(cursor.here()[i]);
    if (digit < 0) cursor.fail(line, hex_problem);
    code = code << 4 | static_cast<unsigned>(digit);
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    cursor.fail(line, "found invalid Unicode character escape code");
  }
  append_code(static_cast<std::uint32_t>(code), out);
  cursor.skip(digits);
}

// The content of one line of a quoted scalar, up to the closing quote, a break, or behind an escaped break (`fold` is
// then open). Blanks before a break belong to neither line, unless they were escaped.
void read_quoted_line(Cursor& cursor, bool single, std::uint32_t line, Fold& fold, std::string& out) {
  std::size_t escaped = out.size();  // what is certain to stay
  for (;;) {
    const char* p = cursor.here();
    const char* run = p;
    while (!is(*p, single ? stops_single : stops_double)) ++p;
    out.append(run, p);
    cursor.skip(static_cast<std::uint32_t>(p - run));
    if (*p == 0) return;
    if (*p == '\'' && single) {
      if (p[1] != '\'') return;
      out += '\'';
      cursor.skip(2);
    } else if (*p == '"') {
      return;
    } else if (*p == '\\') {
      if (single_break(p + 1) != 0) {
        cursor.skip(1);
        cursor.skip_break();
        fold.open_escaped();
        return;
      }
      read_escape(cursor, line, out);
      escaped = out.size();
    } else if (single_break(p) != 0) {
      while (out.size() > escaped && is_blank(out.back())) out.pop_back();
      return;
    } else {  // a lead byte of some other character
      out += *p;
      cursor.skip(1);
    }
  }
}

}  // namespace

void read_quoted(Cursor& cursor, Document& document, Token& token) {
  const bool single = *cursor.here() == '\'';
  const char quote = *cursor.here();
  const std::uint32_t begin = cursor.pos, line = cursor.line;
  token.style = single ? Style::single_quoted : Style::double_quoted;
  cursor.skip(1);
  const char* p = cursor.here();
  while (!is(*p, single ? stops_single : stops_double)) ++p;
  if (*p == quote && !(single && p[1] == quote)) {
    token.text = cursor.view(cursor.pos, cursor.offset(p));
    cursor.skip(cursor.offset(p) + 1 - cursor.pos);
    token.span = {begin, cursor.pos};
    return;
  }
  std::string text;
  Fold fold;
  for (;;) {
    if (cursor.at_document_indicator()) cursor.fail(line, "found unexpected document indicator");
    read_quoted_line(cursor, single, line, fold, text);
    if (*cursor.here() == 0) cursor.fail(line, "found unexpected end of stream");
    if (!fold.open() && *cursor.here() == quote) break;
    for (; is_blank(*cursor.here()) || single_break(cursor.here()) != 0;) {
      if (is_blank(*cursor.here())) {
        ++cursor.pos;
      } else {
        fold.add(cursor.here());
        cursor.skip_break();
      }
    }
    fold.close(text);
  }
  cursor.skip(1);
  token.span = {begin, cursor.pos};
  token.text = document.keep(std::move(text));
}

BlockHeader read_block_header(Cursor& cursor, Token& token) {
  const std::uint32_t begin = cursor.pos, line = cursor.line;
  token.style = *cursor.here() == '|' ? Style::literal : Style::folded;
  cursor.skip(1);
  BlockHeader header;
  for (int i = 0; i < 2; ++i) {
    const char c = *cursor.here();
    if ((c == '+' || c == '-') && header.chomping == 0) {
      header.chomping = c;
    } else if (is_digit(c) && header.increment == 0) {
      if (c == '0') cursor.fail(line, "found an indentation indicator equal to 0");
      header.increment = c - '0';
    } else {
      break;
    }
    cursor.skip(1);
  }
  token.span = {begin, cursor.pos};
  return header;
}

namespace {

// Indentation and empty lines before a content line. Finds the indentation if it is not known yet (0).
void read_block_breaks(Cursor& cursor, int parent, std::uint32_t& indent, std::uint32_t line, std::string& breaks) {
  std::uint32_t widest = 0;
  for (;;) {
    const auto column = [&] { return cursor.pos - cursor.line_start; };
    while ((indent == 0 || column() < indent) && *cursor.here() == ' ') ++cursor.pos;
    widest = std::max(widest, column());
    if ((indent == 0 || column() < indent) && *cursor.here() == '\t') {
      cursor.fail(line, "found a tab character where an indentation space is expected");
    }
    if (single_break(cursor.here()) == 0) break;
    append_break(cursor.here(), breaks);
    cursor.skip_break();
  }
  if (indent == 0) indent = std::max({widest, static_cast<std::uint32_t>(parent + 1), 1U});
}

}  // namespace

void read_block_lines(Cursor& cursor, int parent, BlockHeader header, Document& document, Token& token) {
  const std::uint32_t line = token.line;
  const bool literal = token.style == Style::literal;
  if (single_break(cursor.here()) != 0) cursor.skip_break();
  auto indent = static_cast<std::uint32_t>(header.increment == 0 ? 0 : std::max(parent, 0) + header.increment);
  std::string text, last_break, breaks;
  read_block_breaks(cursor, parent, indent, line, breaks);
  const std::uint32_t content = cursor.pos;
  bool after_blank = false;
  while (cursor.pos - cursor.line_start == indent && *cursor.here() != 0) {
    const bool blank = is_blank(*cursor.here());
    if (!literal && !after_blank && !blank && last_break == "\n") {
      if (breaks.empty()) text += ' ';
    } else {
      text += last_break;
    }
    text += breaks;
    last_break.clear();
    breaks.clear();
    after_blank = blank;
    const std::uint32_t end = cursor.line_end();
    text += cursor.view(cursor.pos, end);
    if (cursor.view(cursor.pos, end).find_first_not_of(" \t") != std::string_view::npos) cursor.breaks = 0;
    cursor.pos = token.span.end = end;
    if (single_break(cursor.here()) != 0) {
      append_break(cursor.here(), last_break);
      cursor.skip_break();
    }
    read_block_breaks(cursor, parent, indent, line, breaks);
  }
  if (header.chomping != '-') text += last_break;
  if (header.chomping == '+') text += breaks;
  const std::string_view in_source = std::string_view(cursor.text()).substr(content, text.size());
  token.text = in_source == text ? in_source : document.keep(std::move(text));
}

}  // namespace leafseal::yaml
