// What dotenv and INI share: every value is text, and metadata is a list of `key`, `value` lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/flatten.hpp"
#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

// A scalar as the reference prints it in formats that know text only: true, 1E+06, 2.0, <nil>.
std::string flat_text(ScalarType type, std::string_view text);

// The two characters \n for each line break, and back.
std::string escape_breaks(std::string text);
bool has_escaped_break(std::string_view text);
std::string unescape_breaks(std::string_view text);

// The metadata lines of a source as entries, in the order of the source; their keys as written.
std::vector<FlatEntry> metadata_lines(const Document& document);

// Gives `document` a metadata tree of unlinked scalars. In plain mode a tree that makes no sense stays flat: whoever
// seals such a text is told that it is sealed already.
void set_flat_metadata(Document& document, const std::vector<FlatEntry>& entries, bool plain);

// Takes whole lines out, each given without its break. The last line of a text without a final break takes the break
// before it along.
void remove_lines(std::string_view source, const std::vector<Span>& lines, Edits& edits);

// The changes that make the metadata lines of a source equal to a tree.
struct MetadataLine {
  std::string key;
  std::string value;     // escaped
  NodeId old = no_node;  // the line that holds it now
};
struct MetadataChange {
  std::vector<MetadataLine> lines;  // all that shall be there
  std::vector<NodeId> removed;
};
MetadataChange compare_metadata(const Document& document, std::string_view key_prefix, const Document& metadata,
                                NodeId node);

}  // namespace leafseal
