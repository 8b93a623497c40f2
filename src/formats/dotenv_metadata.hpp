// The `sops_` lines of a dotenv text.
#pragma once

#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

void write_dotenv_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits);
void remove_dotenv_metadata(const Document& document, Edits& edits);

}  // namespace leafseal
