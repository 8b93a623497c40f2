#include "formats/yaml_scan_property.hpp"

namespace leafseal::yaml {
namespace {

std::string_view read_word(Cursor& cursor) {
  const std::uint32_t begin = cursor.pos;
  const char* p = cursor.here();
  while (is(*p, word)) ++p;
  cursor.skip(cursor.offset(p) - begin);
  return cursor.view(begin, cursor.pos);
}

// `!`, `!word` or `!word!`.
std::string_view read_handle(Cursor& cursor, bool directive, std::uint32_t line) {
  const std::uint32_t begin = cursor.pos;
  if (*cursor.here() != '!') cursor.fail(line, "did not find expected '!'");
  cursor.skip(1);
  read_word(cursor);
  if (*cursor.here() == '!') {
    cursor.skip(1);
  } else if (directive && cursor.pos != begin + 1) {
    cursor.fail(line, "did not find expected '!'");
  }
  return cursor.view(begin, cursor.pos);
}

// One character written as %XX, %XX%XX ...
void read_uri_escapes(Cursor& cursor, std::uint32_t line, std::string& out) {
  unsigned left = 0;
  do {
    const char* p = cursor.here();
    const int high = *p == '%' ? hex_digit(p[1]) : -1, low = high < 0 ? -1 : hex_digit(p[2]);
    if (low < 0) cursor.fail(line, "did not find URI escaped octet");
    const auto octet = static_cast<unsigned>(high << 4 | low);
    if (left == 0) {
      left = octet < 0x80 ? 1 : (octet & 0xe0) == 0xc0 ? 2 : (octet & 0xf0) == 0xe0 ? 3 : (octet & 0xf8) == 0xf0 ? 4 : 0;
      if (left == 0) cursor.fail(line, "found an incorrect leading UTF-8 octet");
    } else if ((octet & 0xc0) != 0x80) {
      cursor.fail(line, "found an incorrect trailing UTF-8 octet");
    }
    out.push_back(static_cast<char>(octet));
    cursor.skip(3);
  } while (--left != 0);
}

// The rest of a tag; `begin` is where its text starts, before the cursor if the handle turned out to be part of it.
std::string_view read_uri(Cursor& cursor, std::uint32_t begin, bool may_be_empty, std::uint32_t line,
                          Document& document) {
  std::string decoded;
  bool escapes = false;
  const std::uint32_t first = cursor.pos;
  while (is(*cursor.here(), uri)) {
    if (*cursor.here() == '%') {
      if (!escapes) decoded = cursor.view(begin, cursor.pos);
      escapes = true;
      read_uri_escapes(cursor, line, decoded);
    } else {
      if (escapes) decoded.push_back(*cursor.here());
      cursor.skip(1);
    }
  }
  if (cursor.pos == first && !may_be_empty) cursor.fail(line, "did not find expected tag URI");
  return escapes ? document.keep(std::move(decoded)) : cursor.view(begin, cursor.pos);
}

}  // namespace

void read_anchor(Cursor& cursor, Token& token) {
  const std::uint32_t begin = cursor.pos;
  cursor.skip(1);
  token.text = read_word(cursor);
  token.span = {begin, cursor.pos};
  constexpr std::string_view may_follow = "?:,]}%@`";
  const char* p = cursor.here();
  if (token.text.empty() || !(is_blank_or_end(p) || may_follow.find(*p) != std::string_view::npos)) {
    cursor.fail(cursor.line, "did not find expected alphabetic or numeric character");
  }
}

void read_tag(Cursor& cursor, Document& document, Token& token) {
  const std::uint32_t begin = cursor.pos, line = cursor.line;
  if (cursor.here()[1] == '<') {
    cursor.skip(2);
    token.suffix = read_uri(cursor, cursor.pos, false, line, document);
    if (*cursor.here() != '>') cursor.fail(line, "did not find the expected '>'");
    cursor.skip(1);
  } else {
    token.text = read_handle(cursor, false, line);
    if (token.text.size() > 1 && token.text.back() == '!') {
      token.suffix = read_uri(cursor, cursor.pos, false, line, document);
    } else {
      token.suffix = read_uri(cursor, begin + 1, true, line, document);
      token.text = token.text.substr(0, 1);
      if (token.suffix.empty()) std::swap(token.text, token.suffix);  // the tag `!` alone
    }
  }
  if (!is_blank_or_end(cursor.here())) cursor.fail(line, "did not find expected whitespace or line break");
  token.span = {begin, cursor.pos};
}

namespace {

void read_version(Cursor& cursor, std::uint32_t line, Token& token) {
  const std::uint32_t begin = cursor.pos;
  for (int part = 0; part < 2; ++part) {
    if (part == 1) {
      if (*cursor.here() != '.') cursor.fail(line, "did not find expected digit or '.' character");
      cursor.skip(1);
    }
    int digits = 0;
    for (; is_digit(*cursor.here()); cursor.skip(1)) {
      if (++digits > 2) cursor.fail(line, "found extremely long version number");
    }
    if (digits == 0) cursor.fail(line, "did not find expected version number");
  }
  token.text = cursor.view(begin, cursor.pos);
}

void read_tag_definition(Cursor& cursor, std::uint32_t line, Document& document, Token& token) {
  token.text = read_handle(cursor, true, line);
  if (!is_blank(*cursor.here())) cursor.fail(line, "did not find expected whitespace");
  cursor.skip_blanks();
  token.suffix = read_uri(cursor, cursor.pos, false, line, document);
  if (!is_blank_or_end(cursor.here())) cursor.fail(line, "did not find expected whitespace or line break");
}

}  // namespace

void read_directive(Cursor& cursor, Document& document, Token& token) {
  const std::uint32_t begin = cursor.pos, line = cursor.line;
  cursor.skip(1);
  const std::string_view name = read_word(cursor);
  if (name.empty()) cursor.fail(line, "could not find expected directive name");
  if (!is_blank_or_end(cursor.here())) cursor.fail(line, "found unexpected non-alphabetical character");
  cursor.skip_blanks();
  if (name == "YAML") {
    token.type = TokenType::version_directive;
    read_version(cursor, line, token);
  } else if (name == "TAG") {
    token.type = TokenType::tag_directive;
    read_tag_definition(cursor, line, document, token);
  } else {
    cursor.fail(line, "found unknown directive name");
  }
  token.span = {begin, cursor.pos};
}

}  // namespace leafseal::yaml
