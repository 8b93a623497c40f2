// The path_regex of a rule: RE2, the engine that the reference's language has, so that the same patterns compile and
// matching takes linear time (security.md C3).
#pragma once

#include <string>
#include <string_view>

namespace leafseal::config {

// Whether the pattern is found anywhere in `path`. Throws Error{generic} "can not compile regexp: ...".
bool path_matches(const std::string& pattern, std::string_view path);

}  // namespace leafseal::config
