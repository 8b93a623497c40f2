// What a document may demand of us at most (security.md P1). Every parser checks it while it reads.
#pragma once

#include <cstddef>

#include "leafseal/document.hpp"

namespace leafseal {

inline constexpr std::size_t max_depth = 10'000;
inline constexpr std::size_t max_leaves = 1'000'000;

inline void check_leaves(std::size_t nodes) {
  if (nodes <= max_leaves) return;
  throw Error(ExitCode::could_not_read_input, "the document holds more than 1000000 values");
}

}  // namespace leafseal
