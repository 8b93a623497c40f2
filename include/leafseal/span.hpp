// Span and Edit: how leafseal changes a text. A document's source is never mutated; commands collect edits, each the
// replacement of one span, and apply_edits() makes the new text in one pass. No edits give identical bytes: that is
// what keeps diffs small.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leafseal {

// Bytes [begin, end) of a source. A document is at most 256 MiB (security.md P1), so 32 bits do.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool operator==(const Span&) const = default;
};

struct Edit {
  Span where;
  std::string text;
};
using Edits = std::vector<Edit>;

// Edits may come in any order; insertions at one place are applied in the order given, before a replacement there.
// Overlapping edits are a bug of the caller: std::logic_error.
std::string apply_edits(std::string_view source, Edits edits);

}  // namespace leafseal
