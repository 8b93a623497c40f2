// The types of plain scalars as the reference's YAML library resolves them: YAML 1.2's core schema, and integers in
// the older spellings too (0o17, 0b1, 1_000).
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <string>

#include "config/config_yaml.hpp"

namespace leafseal::config {
namespace {

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool all_digits(std::string_view text, int base) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [base](char c) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return digits.substr(0, static_cast<std::size_t>(base)).find(lower) != std::string_view::npos;
  });
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0X")) return all_digits(text.substr(2), 16);
  if (text.starts_with("0o") || text.starts_with("0O")) return all_digits(text.substr(2), 8);
  if (text.starts_with("0b") || text.starts_with("0B")) return all_digits(text.substr(2), 2);
  if (text.size() > 1 && text[0] == '0') return all_digits(text, 8);
  return text.size() < 20 && all_digits(text, 10);
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_real(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto take_digits = [&] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  const std::size_t whole = take_digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  return text.empty();
}

// 2006-1-2, alone or before a time of day.
bool is_timestamp(std::string_view text) {
  if (text.size() < 8 || !all_digits(text.substr(0, 4), 10) || text[4] != '-') return false;
  const std::size_t second = text.find('-', 5);
  if (second == std::string_view::npos) return false;
  const std::string_view month = text.substr(5, second - 5);
  std::string_view rest = text.substr(second + 1);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (month.size() > 2 || !all_digits(month, 10) || digits == 0 || digits > 2) return false;
  rest.remove_prefix(digits);
  return rest.empty() || ((rest[0] == 'T' || rest[0] == 't' || rest[0] == ' ') && rest.find(':') != rest.npos);
}

}  // namespace

YamlType plain_type(std::string_view text) {
  if (one_of(text, {"", "~", "null", "Null", "NULL"})) return YamlType::null;
  if (one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) return YamlType::boolean;
  if (text == "<<") return YamlType::merge;
  if (one_of(text, {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"}) ||
      one_of(text, {"+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"})) {
    return YamlType::real;
  }
  if (text.find_first_of("0123456789") == std::string_view::npos) return YamlType::string;
  if (is_timestamp(text)) return YamlType::timestamp;
  std::string plain(text);
  if (std::string_view("+-0123456789").find(text[0]) != std::string_view::npos) {
    std::erase(plain, '_');
    if (is_integer(plain)) return YamlType::integer;
  }
  const bool number_first = std::string_view("+-.0123456789").find(text[0]) != std::string_view::npos;
  // A number that no double can hold is a string: fingerprints such as 1E99... exist.
  if (number_first && is_real(plain) && std::isfinite(std::strtod(plain.c_str(), nullptr))) return YamlType::real;
  return YamlType::string;
}

}  // namespace leafseal::config
