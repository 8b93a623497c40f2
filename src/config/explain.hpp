// Which rule takes a file and why: each rule in order, what part of the path its pattern was found in, and why it was
// not (security.md C6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "leafseal/creation_rules.hpp"

namespace leafseal::config {

enum class Verdict : std::uint8_t {
  not_found,  // path_regex is nowhere in the path
  found,      // it is: the rule decides
  every_file, // it has no path_regex: the rule decides
  broken,     // path_regex does not compile: the search ends here
  not_asked,  // an earlier rule ended it
};

struct RuleVerdict {
  Place place;
  Verdict verdict = Verdict::not_asked;
  std::string path_regex;
  std::size_t part_begin = 0;  // where in the path the pattern was found
  std::size_t part_size = 0;
  std::string problem;         // of a broken one
};

// All rules, in order; none: the config has no rules. `absolute_file` is lexically clean.
std::vector<RuleVerdict> explain(const Config& config, const std::string& absolute_file);

// Whether the part that was found begins or ends inside a name, which its author may not have meant.
bool found_inside_a_name(std::string_view path, const RuleVerdict& verdict);

}  // namespace leafseal::config
