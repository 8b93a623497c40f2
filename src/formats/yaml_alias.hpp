// Writing aliases out: an encrypted alias would be sealed under one path and read under another, so each becomes a flow
// copy of what it stands for (spec: lossless-notes.md 4). The copy has no comments.
#pragma once

#include <string>

#include "leafseal/document.hpp"

namespace leafseal::yaml {

std::string with_aliases_written_out(const Document& document);

}  // namespace leafseal::yaml
