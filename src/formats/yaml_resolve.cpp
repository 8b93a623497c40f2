#include "formats/yaml_resolve.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/time.hpp"

namespace leafseal::yaml {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t n>
bool one_of(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// One or two digits; -1 if there are none.
int short_number(std::string_view text, std::size_t& at) {
  const std::size_t first = at;
  int value = 0;
  while (at < text.size() && at < first + 2 && is_digit(text[at])) value = value * 10 + (text[at++] - '0');
  return at == first ? -1 : value;
}

bool skip(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

bool zone(std::string_view text) {
  if (text == "Z") return true;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
  for (const std::size_t i : {1, 2, 4, 5}) {
    if (!is_digit(text[i])) return false;
  }
  return (text[1] - '0') * 10 + (text[2] - '0') <= 24 && (text[4] - '0') * 10 + (text[5] - '0') <= 60;
}

// YYYY-M-D alone, with T or t and a zone, or with a blank and no zone.
bool is_timestamp(std::string_view text) {
  if (text.size() < 8 || text[4] != '-') return false;
  int year = 0;
  for (const char c : text.substr(0, 4)) {
    if (!is_digit(c)) return false;
    year = year * 10 + (c - '0');
  }
  std::size_t at = 5;
  const int month = short_number(text, at);
  if (!skip(text, at, '-')) return false;
  const int day = short_number(text, at);
  if (month < 0 || day < 0 || !valid_date(year, month, day)) return false;
  if (at == text.size()) return true;
  const char separator = text[at++];
  if (separator != 'T' && separator != 't' && separator != ' ') return false;
  const int hour = short_number(text, at);
  if (!skip(text, at, ':')) return false;
  const int minute = short_number(text, at);
  if (!skip(text, at, ':')) return false;
  const int second = short_number(text, at);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && is_digit(text[at + 1])) {
    ++at;
    while (at < text.size() && is_digit(text[at])) ++at;
  }
  return separator == ' ' ? at == text.size() : zone(text.substr(at));
}

bool digits_of_base(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  return error == std::errc() && stop == end;
}

// Within 64 bits, signed or unsigned; the prefixes 0x, 0o, 0b, and 0 alone for octal.
bool is_integer(std::string_view text) {
  const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  const bool negative = sign && text[0] == '-';
  std::string_view digits = text.substr(sign ? 1 : 0);
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char mark = static_cast<char>(digits[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    const bool prefixed = base != 8 || mark == 'o';
    digits.remove_prefix(prefixed ? 2 : 1);
    // The reference tries 0b and 0o, in lower case and with an outer minus at most, again with a sign behind the prefix.
    const char written = text[(sign ? 1U : 0U) + 1];
    if (!sign && (written == 'b' || written == 'o') && !digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
      std::int64_t value = 0;
      const std::string_view number = digits[0] == '+' ? digits.substr(1) : digits;
      const char* const end = number.data() + number.size();
      const auto [stop, error] = std::from_chars(number.data(), end, value, base);
      return number.substr(0, 2) != "--" && !(digits[0] == '+' && number.starts_with('-')) && error == std::errc() &&
             stop == end;
    }
  }
  if (!digits_of_base(digits, base)) return false;
  if (!sign) return true;
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  constexpr std::uint64_t half = std::uint64_t{1} << 63;
  return negative ? value <= half : value < half;
}

// [sign] (.digits | digits[.[digits]]) [e[sign]digits], within the range of a double.
bool is_float(std::string_view text) {
  const std::string_view rest = text.substr(!text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0);
  if (rest.empty() || !(is_digit(rest[0]) || (rest[0] == '.' && rest.size() > 1 && is_digit(rest[1])))) return false;
  return parse_float(text).has_value();
}

// Behind a first point Go's parser also takes single underscores between digits.
bool is_point_float(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
    } else if (i + 1 >= text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return false;
    }
  }
  return parse_float(plain).has_value();
}

}  // namespace

ScalarType plain_scalar_type(std::string_view text) {
  static constexpr std::array<std::string_view, 5> nulls = {"", "~", "null", "Null", "NULL"};
  static constexpr std::array<std::string_view, 6> booleans = {"true", "True", "TRUE", "false", "False", "FALSE"};
  static constexpr std::array<std::string_view, 12> special = {".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",  ".INF",
                                                               "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};
  if (one_of(text, nulls)) return ScalarType::null;
  if (one_of(text, booleans)) return ScalarType::boolean;
  if (one_of(text, special)) return ScalarType::floating;
  if (text[0] == '.') return is_point_float(text) ? ScalarType::floating : ScalarType::string;
  if (!is_digit(text[0]) && text[0] != '-' && text[0] != '+') return ScalarType::string;
  if (is_timestamp(text)) return ScalarType::time;
  std::string plain(text);
  std::erase(plain, '_');
  if (is_integer(plain)) return ScalarType::integer;
  return is_float(plain) ? ScalarType::floating : ScalarType::string;
}

}  // namespace leafseal::yaml
