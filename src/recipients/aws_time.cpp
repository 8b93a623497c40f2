#include "recipients/aws_time.hpp"

#include <string>

#include "base/time.hpp"

namespace leafseal {

std::optional<std::time_t> parse_aws_time(std::string_view text) {
  std::string zulu(text);
  if (zulu.ends_with("UTC")) zulu.replace(zulu.size() - 3, 3, "Z");
  const auto time = parse_rfc3339(zulu);
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

std::time_t now_of(const Environment& environment) {
  return environment.clock ? environment.clock() : std::time(nullptr);
}

}  // namespace leafseal
