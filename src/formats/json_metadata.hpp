// The `sops` member of a JSON source: put in as the reference prints it, changed member by member where it exists, and
// taken out so that the author's bytes are left.
#pragma once

#include "formats/json_write.hpp"
#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

void write_json_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits);
void remove_json_metadata(const Document& document, Edits& edits);

// `,` or nothing, a break, a tab, `"sops": {...}`: the block as it follows the last member of a root.
std::string json_metadata_block(const Document& metadata, NodeId node, bool first, const std::string& newline);

}  // namespace leafseal
