// Span and Edit: how leafseal changes a text. A document's source is never mutated; commands collect edits, each the
// replacement of one span, and apply_edits() makes the new text in one pass. No edits give identical bytes: that is
// what keeps diffs small.
#pragma once

#include <cstddef>
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
  std::string_view text;
};

// A list of edits and their texts. The texts are copied into a few large blocks: one string of its own for each leaf
// costs more than the leaf's parsing.
class Edits {
 public:
  Edits() = default;
  Edits(Edits&&) = default;
  Edits& operator=(Edits&&) = default;

  void push_back(Edit edit);  // the text is copied
  void reserve(std::size_t edits) { edits_.reserve(edits); }
  void clear();

  std::size_t size() const { return edits_.size(); }
  bool empty() const { return edits_.empty(); }
  const Edit& operator[](std::size_t i) const { return edits_[i]; }
  auto begin() const { return edits_.begin(); }
  auto end() const { return edits_.end(); }

 private:
  std::vector<Edit> edits_;
  std::vector<std::string> blocks_;  // none grows beyond what it reserved: views into it stay good
};

// Edits may come in any order; insertions at one place are applied in the order given, before a replacement there.
// Overlapping edits are a bug of the caller: std::logic_error.
std::string apply_edits(std::string_view source, const Edits& edits);

}  // namespace leafseal
