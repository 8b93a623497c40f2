// How far apart two words are in single-character insertions, deletions and replacements: for "did you mean".
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace leafseal {

std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that is fewest edits away from `word`, at most `limit`; the first of several, empty when there is none.
std::string_view nearest_within(std::string_view word, std::span<const std::string_view> candidates, std::size_t limit);

// The candidate that `word` most likely stands for: at most two edits away, and fewer than half of the word's length.
// Empty when there is none.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace leafseal
