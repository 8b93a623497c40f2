// The path_regex of a rule: RE2, the engine that the reference's language has, so that the same patterns compile and
// matching takes linear time (security.md C3).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace leafseal::config {

class PathPattern {
 public:
  // Throws Error{generic} "can not compile regexp: ...".
  explicit PathPattern(const std::string& pattern);
  ~PathPattern();

  // The first part of `path` in which the pattern is found.
  std::optional<std::string_view> find(std::string_view path) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace leafseal::config
