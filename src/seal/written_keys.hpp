// The wrapped keys as they stand in a text that is about to be written (security.md F3): a file whose keys do not come
// back as they were put in could not be opened by anybody.
#pragma once

#include "leafseal/document.hpp"
#include "leafseal/metadata.hpp"

namespace leafseal {

// Throws Error{error_encrypting_tree} unless `written`, parsed as sealed, holds the same recipients with the same wrapped
// keys in each group; a group's order by kinds is the format's.
void require_written_keys(const Document& written, const KeyGroups& keys);

}  // namespace leafseal
