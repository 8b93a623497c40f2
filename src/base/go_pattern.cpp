#include "base/go_pattern.hpp"

#include <algorithm>

namespace leafseal {
namespace {

// The end of a class that begins at `at`: a `]` that comes first in it, and those of [:alpha:], do not close it.
std::size_t class_end(std::string_view pattern, std::size_t at) {
  std::size_t i = at + 1;
  if (i < pattern.size() && pattern[i] == '^') ++i;
  if (i < pattern.size() && pattern[i] == ']') ++i;
  for (; i < pattern.size() && pattern[i] != ']'; ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern.substr(i, 2) == "[:") {
      const std::size_t end = pattern.find(":]", i + 2);
      if (end != std::string_view::npos) i = end + 1;
    }
  }
  return std::min(i + 1, pattern.size());
}

}  // namespace

std::string re2_pattern(std::string_view pattern) {
  std::string out;
  std::size_t i = 0;
  const auto copy_to = [&](std::size_t end) {
    end = std::min(end, pattern.size());
    out += pattern.substr(i, end - i);
    i = end;
  };
  while (i < pattern.size()) {
    if (pattern.substr(i, 2) == "\\Q") {
      const std::size_t end = pattern.find("\\E", i);
      copy_to(end == std::string_view::npos ? pattern.size() : end + 2);
    } else if (pattern[i] == '\\') {
      copy_to(i + 2);
    } else if (pattern[i] == '[') {
      copy_to(class_end(pattern, i));
    } else if (pattern.substr(i, 3) == "(?<") {
      out += "(?P<";
      i += 3;
    } else {
      copy_to(i + 1);
    }
  }
  return out;
}

}  // namespace leafseal
