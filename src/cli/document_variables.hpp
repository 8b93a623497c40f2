// A document as environment variables (spec: cli.md 3.9): one a key, values as the reference spells them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "leafseal/document.hpp"

namespace leafseal::cli {

struct VariableNames {
  std::string prefix;     // in front of every name
  std::string separator;  // between the keys and list positions of a nested value; empty: nested values are refused
};

using Variables = std::vector<std::pair<std::string, std::string>>;  // names and values; the last of a name counts

// The variables of the first document, in its order. Throws Error{generic} with the reference's phrases, and where two
// nested values would have one name.
Variables document_variables(const Document& tree, const VariableNames& names);

// Whether a variable makes a shell or the dynamic loader run something, or find other programs (security.md F13).
bool steers_programs(std::string_view name);

}  // namespace leafseal::cli
