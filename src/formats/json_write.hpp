// Writes a tree as JSON text in a given layout: the canonical one, or that of the place the text goes to.
#pragma once

#include <string>
#include <string_view>

#include "formats/json_text.hpp"
#include "leafseal/document.hpp"

namespace leafseal {

struct JsonLayout {
  bool lines = true;  // every member on a line of its own; else all in one
  std::string newline = "\n";
  std::string unit = "\t";   // one level of indentation
  std::string indent;        // of the members at hand
  std::string colon = ": ";  // between key and value
  std::string blank;         // behind a comma when all is in one line
  JsonDialect dialect = JsonDialect::faithful;

  std::string separator() const { return lines ? "," + newline + indent : "," + blank; }
};

// One more member for the outermost map: the metadata.
struct JsonExtraMember {
  std::string_view key;
  NodeId node = no_node;
};

// The value at `node`, as it stands among members indented by layout.indent. Aliases are written out, comments left
// out. Throws Error{error_dumping_tree} for what JSON cannot hold.
void append_json(std::string& out, const Document& document, NodeId node, const JsonLayout& layout,
                 JsonExtraMember extra = {});
// `"key": value`.
void append_json_member(std::string& out, const Document& document, std::string_view key, NodeId node,
                        const JsonLayout& layout);

}  // namespace leafseal
