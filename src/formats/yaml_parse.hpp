// parse_yaml(): a YAML text to a Document, read exactly as the reference reads it (spec: format.md 6 and 7,
// lossless-notes.md 2, 3 and 8). The way there: yaml_input (encoding), yaml_scan (tokens; yaml_comments beside it),
// yaml_grammar (nodes), yaml_tree (the model).
#pragma once

#include <string>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

// Throws Error{could_not_read_input} with a place, Error{no_document} for an empty text, and, for an author's text,
// Error{error_encrypting_tree} for keys and numbers that no sealed file can hold.
Document parse_yaml(std::string source, ParseMode mode);

}  // namespace leafseal
