// Reads INI text into a document: a map of sections, each a map of strings (spec: format.md 10). The part before any
// section is the first, `DEFAULT`, also where it is empty. The section `sops` stands in Document::metadata.
//
// A section's comment is its first child, a key's comment follows its key. Where lines above and a part behind are one
// comment, the node's span is the lines, its `tag` the part behind with the blanks before it; without such a part `tag`
// is the empty place where it would stand.
#pragma once

#include <string>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

// Throws Error{could_not_read_input}. In plain mode a key that occurs twice in one section is refused: the reference
// would keep its last value only.
Document scan_ini(std::string source, ParseMode mode);

}  // namespace leafseal
