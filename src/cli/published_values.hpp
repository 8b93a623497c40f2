// The values of an opened file as one JSON object: what `publish` stores in a key-value engine (spec:
// reference-stores.md 1).
#pragma once

#include <string>

#include "leafseal/document.hpp"

namespace leafseal::cli {

// In one line, the keys of every map sorted; of keys that stand twice, and of those of several documents, the last
// counts. Comments are left out. Throws Error{error_dumping_tree} for what JSON cannot hold.
std::string published_values(const Document& tree);

}  // namespace leafseal::cli
