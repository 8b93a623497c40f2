#include "base/go_values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

namespace leafseal {
namespace {

struct Unit {
  std::string_view name;
  double milliseconds;
};
// The longer names first: "ms" is not "m" and an "s".
constexpr Unit units[] = {{"ns", 1e-6}, {"us", 1e-3},  {"\xc2\xb5s", 1e-3}, {"\xce\xbcs", 1e-3},
                          {"ms", 1},    {"s", 1000.0}, {"m", 60'000.0},     {"h", 3'600'000.0}};

}  // namespace

std::optional<bool> parse_go_bool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_go_seconds(std::string_view text) {
  constexpr double most = 24 * 3'600'000.0;
  double total = 0;
  bool first = true;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(number) || number < 0 || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() && first && std::floor(number) == number) {
      total = number * 1000;
      break;
    }
    const auto* unit =
        std::find_if(std::begin(units), std::end(units), [&](const Unit& u) { return text.starts_with(u.name); });
    if (unit == std::end(units)) return std::nullopt;
    total += number * unit->milliseconds;
    text.remove_prefix(unit->name.size());
    first = false;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::min(total, most)));
}

}  // namespace leafseal
