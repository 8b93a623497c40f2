#include "base/time.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace leafseal {
namespace {

// Two or four digits at `at`, or -1.
int number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

}  // namespace

bool valid_date(int year, int month, int day) {
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  static constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

std::optional<Rfc3339> parse_rfc3339(std::string_view text) {
  Rfc3339 t{};
  t.year = number(text, 0, 4);
  t.month = number(text, 5, 2);
  t.day = number(text, 8, 2);
  t.hour = number(text, 11, 2);
  t.minute = number(text, 14, 2);
  t.second = number(text, 17, 2);
  if (!has(text, 4, '-') || !has(text, 7, '-') || !has(text, 10, 'T') || !has(text, 13, ':') || !has(text, 16, ':')) return {};
  if (!valid_date(t.year, t.month, t.day) || t.hour < 0 || t.hour > 23 || t.minute < 0 || t.minute > 59 || t.second < 0 ||
      t.second > 59) {
    return {};
  }
  std::size_t at = 19;
  if (has(text, at, '.')) {
    const std::size_t first = ++at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    if (at == first) return {};
    t.fraction = std::string(text.substr(first, std::min<std::size_t>(at - first, 9)));
    while (!t.fraction.empty() && t.fraction.back() == '0') t.fraction.pop_back();
  }
  if (text.substr(at) == "Z") return t;
  if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':') return {};
  const int hours = number(text, at + 1, 2), minutes = number(text, at + 4, 2);
  if (hours < 0 || hours > 24 || minutes < 0 || minutes > 60) return {};
  t.offset_minutes = (hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
  return t;
}

std::string format_rfc3339(const Rfc3339& t, bool fraction) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour, t.minute, t.second);
  std::string out = buffer;
  if (fraction && !t.fraction.empty()) out += "." + t.fraction;
  if (t.offset_minutes == 0) return out + "Z";
  const int offset = std::abs(t.offset_minutes);
  std::snprintf(buffer, sizeof buffer, "%c%02d:%02d", t.offset_minutes < 0 ? '-' : '+', offset / 60, offset % 60);
  return out + buffer;
}

std::string format_utc(std::time_t seconds) {
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return format_rfc3339({tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, "", 0}, false);
}

std::optional<std::time_t> seconds_of_rfc3339(std::string_view text) {
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

std::time_t now_of(const Environment& environment) {
  return environment.clock ? environment.clock() : std::time(nullptr);
}

}  // namespace leafseal
