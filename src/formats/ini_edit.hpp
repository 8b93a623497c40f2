// Edits of an INI source: keys, sections and the section `[sops]`, in the style of the lines around.
#pragma once

#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

void replace_ini(const Document& document, NodeId node, const Document& value, NodeId value_node, Edits& edits);
void insert_ini(const Document& document, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
                Edits& edits);
void remove_ini(const Document& document, NodeId node, Edits& edits);

void write_ini_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits);
void remove_ini_metadata(const Document& document, Edits& edits);

// The quote a value stands in: `"`, `'`, a backtick, three double quotes, or nothing.
std::string_view ini_quote(const Document& document, NodeId node);
// What stands behind a value on its line.
std::string_view ini_rest(const Document& document, NodeId node);

}  // namespace leafseal
