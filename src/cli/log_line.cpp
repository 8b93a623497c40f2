#include "cli/log_line.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "base/time.hpp"

namespace leafseal::cli {
namespace {

// What stands bare behind `msg=`; everything else is quoted.
bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-._/@^+").find(c) != std::string_view::npos;
}

// Go's %q: UTF-8 stays, control characters become escapes.
std::string go_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    constexpr std::string_view escaped = "\a\b\f\n\r\t\v\"\\";
    if (const std::size_t at = escaped.find(c); at != std::string_view::npos) {
      quoted += {'\\', "abfnrtv\"\\"[at]};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 5> code{};
      std::snprintf(code.data(), code.size(), "\\x%02x", static_cast<unsigned>(c));
      quoted += code.data();
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string local_time(std::time_t now) {
  std::tm parts{};
  ::localtime_r(&now, &parts);
  Rfc3339 time{parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, "", 0};
  time.offset_minutes = static_cast<int>(parts.tm_gmtoff / 60);
  return format_rfc3339(time, false);
}

std::string value(std::string_view text) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), is_plain);
  return bare ? std::string(text) : go_quoted(text);
}

std::string log_line(std::string_view logger, std::string_view level, std::string_view message, std::time_t now) {
  return "[" + std::string(logger) + "]\t time=\"" + local_time(now) + "\" level=" + std::string(level) +
         " msg=" + value(message);
}

}  // namespace

std::string fatal_log_line(std::string_view message, std::time_t now) {
  return log_line("CMD", "fatal", message, now) + "\n";
}

std::string info_log_line(std::string_view logger, std::string_view message, const LogFields& fields, std::time_t now) {
  std::string line = log_line(logger, "info", message, now);
  for (const auto& [name, text] : fields) line += " " + name + "=" + value(text);
  return line + "\n";
}

}  // namespace leafseal::cli
