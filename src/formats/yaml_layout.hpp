// Where things stand in a YAML source: lines and columns, the place of a value behind its key, how far an entry
// reaches, and the habits of a file (line break, indentation step, dashes) that new text follows.
#pragma once

#include <string>
#include <string_view>

#include "formats/yaml_emit.hpp"
#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal::yaml {

// The break that ends the first line; LF in a text of one line.
std::string file_break(std::string_view source);
std::uint32_t line_start(std::string_view source, std::uint32_t at);
std::uint32_t line_end(std::string_view source, std::uint32_t at);    // before the break, or the end of the text
std::uint32_t next_line(std::string_view source, std::uint32_t at);   // behind the break, or the end of the text
std::uint32_t line_end_before(std::string_view source, std::uint32_t line);  // of the line above one that starts here
std::uint32_t skip_blanks(std::string_view source, std::uint32_t at);
std::uint32_t skip_blank_lines(std::string_view source, std::uint32_t line);
// Over blanks, breaks and comments.
std::uint32_t skip_space(std::string_view source, std::uint32_t at, std::uint32_t end);
// The next line with text is a comment deeper than `column`: a block scalar before it would swallow it.
bool deeper_comment_follows(std::string_view source, std::uint32_t at, std::uint32_t column);
bool first_on_line(std::string_view source, std::uint32_t at);
std::uint32_t column(std::string_view source, std::uint32_t at);  // in bytes: what precedes in a line is ASCII

// The first byte of a value behind its tag and anchor: of a block map its first key, of a block list its first dash.
std::uint32_t content_begin(const Document& document, NodeId node);

// The place of a value: behind `:` or `-` and behind tag and anchor on that line.
struct ValueSlot {
  bool separator = true;        // false: a key without ':'
  std::uint32_t after = 0;      // behind the separator
  std::uint32_t properties_end = 0;
};
ValueSlot value_slot(const Document& document, NodeId node);
// A value that is nothing at all: `k:`, `- `.
bool is_absent(const Document& document, NodeId node);

// The end of an entry's last byte, comments of its own included.
std::uint32_t entry_end(const Document& document, NodeId node);
// The end of an entry of a flow collection: of its value, of `:` or of its key.
std::uint32_t entry_end_in_flow(const Document& document, NodeId node);
// The scalar that ends an entry is a block scalar; `keeps`: and takes the blank lines behind it (`|+`).
struct BlockScalarEnd {
  NodeId node = no_node;
  bool block = false;
  bool keeps = false;
};
BlockScalarEnd block_scalar_end(const Document& document, NodeId node);
// Begin of an entry of a block map or list: its key with `?`, tag and anchor, or its dash.
std::uint32_t block_entry_begin(const Document& document, NodeId node);

// Where a document ends that has this root: at its `---`, `...` or directive line, or at the end of the text.
std::uint32_t document_end(const Document& document, NodeId root);

// Indentation step and dashes as found below `node`, else below `other`, else the reference's.
FragmentStyle detect_style(const Document& document, NodeId node, NodeId other);

// All lines but the first moved to `column`, with the file's breaks.
std::string indented(std::string_view lines, std::uint32_t column, std::string_view line_break);

}  // namespace leafseal::yaml
