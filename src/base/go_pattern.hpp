// The reference's regular expressions for RE2: the same syntax, but for one newer spelling of a named group.
#pragma once

#include <string>
#include <string_view>

namespace leafseal {

// `(?<name>` as `(?P<name>`, which the RE2 of Debian 12 knows; all else as it is.
std::string re2_pattern(std::string_view pattern);

}  // namespace leafseal
