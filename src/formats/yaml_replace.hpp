// A value in the place of another.
#pragma once

#include "formats/yaml_emit.hpp"
#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal::yaml {

// `style` is for new blocks. `node` is no root.
void replace_value(const Document& document, NodeId node, const Document& value, NodeId value_node,
                   const FragmentStyle& style, Edits& edits);

}  // namespace leafseal::yaml
