#include "leafseal/value.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/time.hpp"

namespace leafseal {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// [digits][.digits][e[sign]digits] with at least one digit before the exponent; no underscores, no hex.
bool decimal_form(std::string_view text) {
  std::size_t at = 0, digits = 0;
  while (at < text.size() && is_digit(text[at])) ++at, ++digits;
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && is_digit(text[at])) ++at, ++digits;
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t first = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == first) return false;
  }
  return at == text.size();
}

}  // namespace

Value Value::floating(double d) { return {ScalarType::floating, canonical_float(d)}; }

ShortestDigits shortest_digits(double value) {
  ShortestDigits out;
  out.negative = std::signbit(value);
  if (value == 0) {
    out.digits = "0";
    return out;
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value), std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = text.find('e');
  for (const char c : text.substr(0, e)) {
    if (c != '.') out.digits += c;
  }
  while (out.digits.size() > 1 && out.digits.back() == '0') out.digits.pop_back();
  const std::string_view exponent = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
  int power = 0;
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  out.point = power + 1;
  return out;
}

std::string canonical_float(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  const ShortestDigits d = shortest_digits(value);
  std::string out = d.negative ? "-" : "";
  const int count = static_cast<int>(d.digits.size());
  if (d.point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-d.point), '0');
    return out + d.digits;
  }
  if (d.point >= count) {
    out += d.digits;
    out.append(static_cast<std::size_t>(d.point - count), '0');
    return out;
  }
  const auto point = static_cast<std::size_t>(d.point);
  return out + d.digits.substr(0, point) + "." + d.digits.substr(point);
}

std::optional<double> parse_float(std::string_view text) {
  std::string_view magnitude = text;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) magnitude.remove_prefix(1);
  double value = 0;
  if (equals_ignoring_case(magnitude, "inf") || equals_ignoring_case(magnitude, "infinity")) {
    value = HUGE_VAL;
  } else if (equals_ignoring_case(text, "nan")) {
    value = std::nan("");
  } else {
    if (!decimal_form(magnitude)) return std::nullopt;
    const auto [end, error] = std::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), value);
    if (error == std::errc::result_out_of_range) {
      // Too small is zero, too large is no number; from_chars does not say which.
      value = std::strtod(std::string(magnitude).c_str(), nullptr);
      if (std::isinf(value)) return std::nullopt;
    } else if (error != std::errc()) {
      return std::nullopt;
    }
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> canonical_time(std::string_view rfc3339) {
  const auto time = parse_rfc3339(rfc3339);
  if (!time) return std::nullopt;
  return format_rfc3339(*time, true);
}

std::optional<Value> canonical_value(ScalarType type, std::string_view text) {
  switch (type) {
    case ScalarType::null:
      return std::nullopt;
    case ScalarType::string:
      return Value::string(std::string(text));
    case ScalarType::boolean:
      for (const char* word : {"True", "1", "t", "T", "true", "TRUE"}) {
        if (text == word) return Value::boolean(true);
      }
      for (const char* word : {"False", "0", "f", "F", "false", "FALSE"}) {
        if (text == word) return Value::boolean(false);
      }
      return std::nullopt;
    case ScalarType::integer:
      if (const auto i = parse_int(text)) return Value::integer(*i);
      return std::nullopt;
    case ScalarType::floating:
      if (const auto d = parse_float(text)) return Value::floating(*d);
      return std::nullopt;
    case ScalarType::time:
      if (auto t = canonical_time(text)) return Value{ScalarType::time, std::move(*t)};
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace leafseal
