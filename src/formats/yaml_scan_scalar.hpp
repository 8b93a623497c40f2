// Reading scalars: from the cursor at their first character to their value. Values are views into the source wherever
// the source holds them literally.
#pragma once

#include "formats/yaml_cursor.hpp"
#include "formats/yaml_token.hpp"

namespace leafseal::yaml {

// `indent`: the column of the innermost open block, -1 when there is none. Returns true when the scalar ended behind a
// line break, where a key may begin.
bool read_plain(Cursor& cursor, int indent, bool in_flow, Document& document, Token& token);
void read_quoted(Cursor& cursor, Document& document, Token& token);

// A block scalar's header: its indicators. The cursor is left behind them, at the blanks, comment or break.
struct BlockHeader {
  char chomping = 0;  // '+', '-' or none
  int increment = 0;  // the digit
};
BlockHeader read_block_header(Cursor& cursor, Token& token);
// The lines after the header's; the cursor stands at the break that ends the header.
void read_block_lines(Cursor& cursor, int indent, BlockHeader header, Document& document, Token& token);

}  // namespace leafseal::yaml
