// Cursor: a place in a YAML text, with what the scanner must know of the way there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/yaml_chars.hpp"

namespace leafseal::yaml {

class Cursor {
 public:
  Cursor(const std::string& text, std::size_t begin, bool ascii)
      : pos(static_cast<std::uint32_t>(begin)), line_start(pos), text_(text), counted_to_(pos), ascii_(ascii) {}

  std::uint32_t pos;
  std::uint32_t line = 0;
  std::uint32_t line_start;
  std::uint32_t breaks = 0;  // line breaks since the last character that is not blank

  const std::string& text() const { return text_; }
  const char* here() const { return text_.data() + pos; }
  // Never behind the text's final NUL.
  const char* ahead(std::uint32_t bytes) const {
    return text_.data() + (pos + bytes < text_.size() ? pos + bytes : text_.size());
  }
  std::uint32_t offset(const char* p) const { return static_cast<std::uint32_t>(p - text_.data()); }
  std::string_view view(std::uint32_t begin, std::uint32_t end) const {
    return std::string_view(text_).substr(begin, end - begin);
  }
  bool at_line_start() const { return pos == line_start; }

  // In characters, from 0. Linear in the line's length for all calls of one line together.
  std::uint32_t column() const;

  void skip(std::uint32_t bytes) {  // characters of content
    pos += bytes;
    breaks = 0;
  }
  void skip_break() {
    pos += line_break(here());
    line_start = pos;
    ++line;
    ++breaks;
  }
  void skip_blanks() {
    while (is_blank(*here())) ++pos;
  }
  // `---` or `...` in the first column.
  bool at_document_indicator() const {
    const char* p = here();
    return at_line_start() && (*p == '-' || *p == '.') && p[1] == p[0] && p[2] == p[0] && is_blank_or_end(p + 3);
  }
  // The end of the line at hand, before its break.
  std::uint32_t line_end() const;

  // Throws Error{could_not_read_input} "yaml: line N: PROBLEM" for the place at hand; N is of the construct that began
  // on `context_line`, as the reference counts.
  [[noreturn]] void fail(std::uint32_t context_line, const char* problem) const;

 private:
  const std::string& text_;
  mutable std::uint32_t counted_from_ = 0xffffffffU;  // the line start that the next two are about
  mutable std::uint32_t counted_to_;
  mutable std::uint32_t counted_ = 0;
  bool ascii_;
};

// A break as it stands in a scalar's value: a line feed, except LS and PS, which stay.
void append_break(const char* at, std::string& out);

}  // namespace leafseal::yaml
