// Times as RFC 3339 text, and now.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "leafseal/environment.hpp"

namespace leafseal {

struct Rfc3339 {
  int year, month, day, hour, minute, second;
  std::string fraction;  // digits without trailing zeros, at most nine
  int offset_minutes = 0;
  bool operator==(const Rfc3339&) const = default;
};

std::optional<Rfc3339> parse_rfc3339(std::string_view text);  // as Go's time.RFC3339 accepts it
bool valid_date(int year, int month, int day);
// Whole seconds if `fraction` is off, else with the fraction; UTC as Z.
std::string format_rfc3339(const Rfc3339& time, bool fraction);
std::string format_utc(std::time_t seconds);  // 2026-11-22T14:00:00Z
std::optional<std::time_t> seconds_of_rfc3339(std::string_view text);  // since 1970, without the fraction

std::time_t now_of(const Environment& environment);  // by its clock, else the system's

}  // namespace leafseal
