// Reads JSON into a document whose nodes span the source. Order, duplicate keys and any layout are kept; the root's
// member `sops` stands in Document::metadata (spec: format.md 8).
#pragma once

#include <string>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

// Throws Error{could_not_read_input}; in plain mode nesting beyond the limit is Error{error_dumping_tree}, as with the
// reference, which notices it when it writes. Text behind the root is an error in plain mode only.
Document scan_json(std::string source, ParseMode mode);

}  // namespace leafseal
