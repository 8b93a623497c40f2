// Times: when credentials of AWS expire, as its services and programs write it, and now.
#pragma once

#include <ctime>
#include <optional>
#include <string_view>

#include "leafseal/environment.hpp"

namespace leafseal {

// RFC 3339, also with "UTC" in the place of "Z"; seconds since 1970. Nothing for other texts.
std::optional<std::time_t> parse_aws_time(std::string_view text);

std::time_t now_of(const Environment& environment);  // by its clock, else the system's

}  // namespace leafseal
