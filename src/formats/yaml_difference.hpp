// The least edits that make a tree in a YAML source equal to another tree: equal parts keep their bytes, a changed
// scalar changes alone, entries come and go with their lines. Made for metadata, where maps are sorted and list items are
// recipients.
#pragma once

#include "formats/yaml_emit.hpp"
#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal::yaml {

void change_into(const Document& document, NodeId old, const Document& other, NodeId fresh, const FragmentStyle& style,
                 Edits& edits);

}  // namespace leafseal::yaml
