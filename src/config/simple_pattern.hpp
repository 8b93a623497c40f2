// The part of RE2's syntax that people write in path_regex, taken apart: a list of alternatives, each a row of symbols
// between two ends. Groups are multiplied out. What does not fit into that is no simple pattern. Paths are taken to be text
// without line breaks, which `.` does not match.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leafseal::config {

struct Symbol {
  enum Kind : std::uint8_t { literal, any, character_class };
  Kind kind = literal;
  bool repeated = false;  // any number of times, also none
  std::string text;       // literal: one character; character_class: as written, `[a-z]` or `\d`
  std::bitset<128> ascii = {};  // character_class: what it holds of ASCII
};

struct SimplePattern {
  bool from_start = false;
  bool to_end = false;
  std::vector<Symbol> symbols;
};

// Nothing: the pattern is not of this kind (or does not compile).
std::optional<std::vector<SimplePattern>> read_simple_pattern(std::string_view pattern);

// The symbols of the whole paths that have the pattern in them.
std::vector<Symbol> whole_text(const SimplePattern& pattern);

}  // namespace leafseal::config
