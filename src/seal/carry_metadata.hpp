// Puts the metadata block of an older sealed version into a text that is sealed anew, in the layout that it had: a
// file with a two-space block keeps its two-space block.
#pragma once

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

// The edits of `plain` that give it the metadata `map` of `tree`; `previous` may be nullptr.
void carry_metadata(const Format& format, const Document& plain, const Document* previous, const Document& tree, NodeId map,
                    Edits& edits);

}  // namespace leafseal
