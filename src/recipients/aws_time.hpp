// When credentials of AWS expire, as its services and programs write it.
#pragma once

#include <ctime>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace leafseal {

// RFC 3339, also with "UTC" in the place of "Z"; seconds since 1970. Nothing for other texts.
std::optional<std::time_t> parse_aws_time(std::string_view text);

}  // namespace leafseal
