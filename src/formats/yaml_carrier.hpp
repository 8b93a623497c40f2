// Carriers: how a token takes the place of a YAML scalar inside the author's own style, and how a decrypted value is
// written back from there (spec: lossless-notes.md 4). A quoted scalar keeps its quotes, a block scalar its header and
// indentation, a plain one stays plain; in flow context, where a plain token cannot stand, it is double-quoted with one
// blank before the closing quote as the mark of a plain one.
#pragma once

#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"
#include "leafseal/value.hpp"

namespace leafseal::yaml {

void seal_scalar(const Document& document, NodeId node, std::string_view token, Edits& edits);
Spelling lost_spelling(const Document& document, NodeId node);
void open_scalar(const Document& document, NodeId node, const Value& value, const Spelling& spelling, Edits& edits);
bool carries(const Document& document, NodeId node, const Value& value);

// Comments: `#TOKEN`, and the list item form `- TOKEN` that the reference writes.
void seal_comment(const Document& document, NodeId node, std::string_view token, Edits& edits);
void open_comment(const Document& document, NodeId node, std::string_view text, Edits& edits);

}  // namespace leafseal::yaml
