// What a document may demand of us at most (security.md P1). Every parser checks it while it reads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

inline constexpr std::size_t max_depth = 10'000;
inline constexpr std::size_t max_leaves = 1'000'000;
inline constexpr std::size_t max_alias_text = std::size_t{32} << 20;  // bytes that all aliases together stand for

inline void check_leaves(std::size_t nodes) {
  if (nodes <= max_leaves) return;
  throw Error(ExitCode::could_not_read_input, "the document holds more than 1000000 values");
}

// How many nodes a text is likely to hold: what parsers reserve, so that the array does not grow by copying. A sealed
// leaf takes more than 128 bytes, an author's line seldom less than 32.
inline std::size_t expected_nodes(std::string_view source, ParseMode mode) {
  return std::min(source.size() / (mode == ParseMode::sealed ? 128 : 32) + 64, max_leaves);
}

}  // namespace leafseal
