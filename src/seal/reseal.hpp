// What set, unset and rotate do on the text of a sealed document, token by token.
#pragma once

#include <string_view>

#include "leafseal/sealed_document.hpp"
#include "seal/settle.hpp"

namespace leafseal {

// The edit that puts another token into the place of the one in `node`. The carrier around it stays.
void replace_token(const Format& format, const Document& document, NodeId node, std::string_view token, Edits& edits);

// Throws Error{conflicting_parameters} (security.md I13).
void refuse_broken(const Selection& selection);

}  // namespace leafseal
