// Token: what the YAML scanner yields.
#pragma once

#include <cstdint>
#include <string_view>

#include "leafseal/document.hpp"

namespace leafseal::yaml {

enum class TokenType : std::uint8_t {
  stream_start, stream_end, version_directive, tag_directive, document_start, document_end,
  block_list_start, block_map_start, block_end, flow_list_start, flow_list_end, flow_map_start, flow_map_end,
  block_entry, flow_entry, key, value, alias, anchor, tag, scalar,
};

struct Token {
  TokenType type = TokenType::stream_start;
  Style style = Style::plain;  // of a scalar
  std::int64_t place = 0;      // where it stands in the order of comments; of a block's end not its position
  Span span;                   // of a block scalar up to the end of its last content line
  std::uint32_t line = 0;      // from 0
  std::string_view text;       // scalar: its value; alias, anchor: the name; tag, tag directive: the handle; version
  std::string_view suffix;     // tag: what follows the handle; tag directive: the prefix
};

}  // namespace leafseal::yaml
