// Block scalars as text: where the content of `|` and `>` stands, and how a value is laid out in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "leafseal/document.hpp"

namespace leafseal::yaml {

// A block scalar's parts in the source.
struct BlockText {
  Span content;          // from the line after the header to the end of the last content line, without its break
  std::string indent;    // of its lines
  std::string line_break;
  char chomping = 0;     // '-', '+' or 0 for clip
  bool explicit_indent = false;
  bool breaks_only = false;  // no content line: `content` is empty and stands where a token line would go
};
BlockText block_text(const Document& document, NodeId node);

// The lines of a value, without its final breaks, indented; nothing when a literal block cannot hold the text.
std::optional<std::string> literal_lines(std::string_view value, const std::string& indent, const std::string& line_break,
                                         bool explicit_indent);

// A whole literal scalar for the place of a plain token: the header, and the content with the break before it. Nothing
// when none can hold the text.
struct LiteralScalar {
  std::string header;
  std::string content;
};
std::optional<LiteralScalar> literal_scalar(const Document& document, NodeId node, std::string_view value);

}  // namespace leafseal::yaml
