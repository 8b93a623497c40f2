// A subtree on one line, as it goes into a flow collection: `{k: v, l: [1, 2]}`. Comments of the subtree have no place
// there and are left out.
#pragma once

#include <string>
#include <string_view>

#include "leafseal/document.hpp"

namespace leafseal::yaml {

// canonical: quotes where they are needed. quoted: keys and strings in double quotes, as in JSON.
enum class FlowQuotes : std::uint8_t { canonical, quoted };

std::string flow_text(const Document& document, NodeId node, FlowQuotes quotes);
std::string flow_entry(std::string_view key, const Document& document, NodeId node, FlowQuotes quotes);
std::string flow_scalar(ScalarType type, std::string_view canonical_text, FlowQuotes quotes);

}  // namespace leafseal::yaml
