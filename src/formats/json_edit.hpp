// Edits of a JSON source: members and items come, change and go with their commas, and everything else stays.
#pragma once

#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

void replace_json(const Document& document, NodeId node, const Document& value, NodeId value_node, Edits& edits);
// As the last member or item, before the metadata where the map holds nothing else.
void insert_json(const Document& document, NodeId parent, std::string_view key, const Document& value,
                 NodeId value_node, Edits& edits);
void remove_json(const Document& document, NodeId node, Edits& edits);

}  // namespace leafseal
