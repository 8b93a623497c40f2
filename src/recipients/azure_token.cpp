#include "recipients/azure_token.hpp"

#include <algorithm>

#include "base/time.hpp"

namespace leafseal {

std::time_t azure_now(const Environment& environment) {
  return environment.clock ? environment.clock() : std::time(nullptr);
}

std::optional<std::time_t> parse_utc_seconds(std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) return std::nullopt;
  std::tm utc{};
  utc.tm_year = time->year - 1900;
  utc.tm_mon = time->month - 1;
  utc.tm_mday = time->day;
  utc.tm_hour = time->hour;
  utc.tm_min = time->minute;
  utc.tm_sec = time->second;
  return ::timegm(&utc) - std::time_t{60} * time->offset_minutes;
}

bool is_azure_tenant(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

}  // namespace leafseal
