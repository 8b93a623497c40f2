// What can be said of a path_regex without a path: where it is not anchored, and whether all that one pattern takes is
// taken by others before it. Both read the common forms - literals, `.`, classes, `*` and `+` on them, groups with
// alternatives, anchors - and say nothing of patterns that hold anything else, so what they say is true.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/simple_pattern.hpp"

namespace leafseal::config {

// How a pattern takes more than it seems to (security.md C6).
struct LooseEnds {
  bool front = false;  // it may begin inside a name: `prod/` is found in nonprod/x
  bool back = false;   // it may end inside a name: `^prod` is found in production/x
  std::string example;  // a path that shows it, or empty
};
LooseEnds loose_ends(std::string_view pattern);

// The patterns of the rules so far, in order, to ask whether they leave anything to the next.
class PatternCover {
 public:
  struct Answer {
    bool covered = false;           // every path in which the pattern is found has an earlier one in it; else: not known
    std::optional<std::size_t> by;  // the one earlier pattern that covers it alone, by its number from 0
  };
  Answer asked(std::string_view pattern);
  void add(std::string_view pattern);  // an empty one is found everywhere

 private:
  struct Earlier {
    std::string pattern;
    std::vector<std::vector<Symbol>> texts;  // none: not a simple pattern
  };
  bool contains(const std::vector<Symbol>& wide, const std::vector<Symbol>& narrow);

  std::vector<Earlier> earlier_;
  std::size_t budget_ = 20'000'000;  // comparisons of symbols: a hostile config buys no more
};

}  // namespace leafseal::config
