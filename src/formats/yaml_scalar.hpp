// What a YAML scalar means: its type by tag or, if it is plain, by its look, and its canonical text (spec: format.md 6.1
// and 2.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "leafseal/document.hpp"

namespace leafseal::yaml {

// The tags that decide a scalar's type. `other`: some tag that makes it a string, `non_specific`: the tag `!`.
enum class ScalarTag : std::uint8_t { none, non_specific, null, boolean, integer, floating, time, string, binary, other };

// Of a tag in full, its prefix and the rest.
ScalarTag scalar_tag(std::string_view prefix, std::string_view suffix);
// `!!int` and so on, as messages name it.
std::string_view tag_name(ScalarTag tag);

struct Resolved {
  ScalarType type = ScalarType::null;
  bool beyond_int64 = false;  // an integer from 2^63 to 2^64-1, which the model has no type for
  std::string_view text;      // canonical; a view into the scalar's value or of static storage ...
  std::string made;           // ... unless this is not empty
};

// `value` is the scalar's text as decoded by the scanner. Nothing if the tag is impossible for it (`!!int foo`).
std::optional<Resolved> resolve_scalar(ScalarTag tag, Style style, std::string_view value);

// Of an untagged plain scalar; `<<` counts as a string.
ScalarType plain_scalar_type(std::string_view text);

// A YAML timestamp as canonical RFC 3339: `2006-1-2`, `2006-1-2T15:4:5.9Z`, `2006-1-2 15:4:5`.
std::optional<std::string> resolve_timestamp(std::string_view text);

}  // namespace leafseal::yaml
