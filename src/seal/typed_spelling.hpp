// How a person spelt the values given to `set`: `1.50`, `0x1F`, `2020-01-01`. They are written so into the text that is
// about to be sealed, and from there become layout records like any author's spelling (design: layout records).
#pragma once

#include <string>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"
#include "leafseal/path.hpp"
#include "leafseal/value.hpp"

namespace leafseal {

struct TypedSpelling {
  Path path;
  Value value;
  std::string text;
};
using TypedSpellings = std::vector<TypedSpelling>;

// Of the values in the document given to `set`, with paths below its value; only what differs from the canonical
// spelling.
TypedSpellings typed_spellings(const Document& value);

// The document with the values at those paths, which now are its own, spelt as they were typed. Spellings that this
// format does not read as the same value are taken out of the list, and the canonical ones stand.
Document spelt_as_typed(const Format& format, Document document, TypedSpellings& spellings);

}  // namespace leafseal
