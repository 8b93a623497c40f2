#include "formats/json_scalar.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/utf8.hpp"
#include "leafseal/document.hpp"

namespace leafseal {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char at_or_nul(std::string_view source, std::size_t at) { return at < source.size() ? source[at] : '\0'; }

// Offset of the first control character, npos if there is none: eight bytes at a time, for tokens are long.
std::size_t find_control(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    // Subtracting 0x20 sets the top bit of a byte below it; the other bytes with that bit had it before.
    if (((word - 0x2020202020202020U) & ~word & 0x8080808080808080U) != 0) break;
  }
  for (; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) < 0x20) return at;
  }
  return std::string_view::npos;
}

void refuse_controls(std::string_view source, std::size_t begin, std::size_t end) {
  const std::size_t control = find_control(source.substr(begin, end - begin));
  if (control != std::string_view::npos) fail_json_character(source, begin + control, "in string literal");
}

std::uint32_t four_hex_digits(std::string_view source, std::size_t at) {
  std::uint32_t code = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = at_or_nul(source, i);
    const int digit = is_digit(c)            ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) fail_json_character(source, i, "in \\u hexadecimal character escape");
    code = code << 4 | static_cast<std::uint32_t>(digit);
  }
  return code;
}

// The escape whose backslash stands at `at`; returns the offset behind it.
std::size_t decode_escape(std::string_view source, std::size_t at, std::string& out) {
  static constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  const char name = at_or_nul(source, at + 1);
  if (const std::size_t found = names.find(name); name != '\0' && found != std::string_view::npos) {
    out.push_back(values[found]);
    return at + 2;
  }
  if (name != 'u') fail_json_character(source, at + 1, "in string escape code");
  char32_t code = four_hex_digits(source, at + 2);
  std::size_t end = at + 6;
  if (code >= 0xd800 && code < 0xdc00 && source.substr(end, 2) == "\\u") {
    const std::uint32_t low = four_hex_digits(source, end + 2);
    if (low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      end += 6;
    }
  }
  if (code >= 0xd800 && code < 0xe000)
    fail_json(source, at, "half of a surrogate pair in a string: it has no character");
  utf8::append(code, out);
  return end;
}

JsonScalar scan_string(std::string_view source, std::size_t at) {
  JsonScalar out;
  out.type = ScalarType::string;
  std::size_t from = at + 1;  // of the run at hand without an escape
  for (;;) {
    const std::size_t quote = source.find('"', from);
    const std::size_t limit = quote == std::string_view::npos ? source.size() : quote;
    const std::size_t run = source.substr(from, limit - from).find('\\');
    const std::size_t end = run == std::string_view::npos ? limit : from + run;
    refuse_controls(source, from, end);
    if (end == source.size()) fail_json(source, at, "unexpected EOF");
    if (source[end] == '"') {
      out.end = end + 1;
      if (out.in_source) {
        out.raw = source.substr(from, end - from);
      } else {
        out.decoded.append(source, from, end - from);
      }
      return out;
    }
    out.in_source = false;
    out.decoded.append(source, from, end - from);
    from = decode_escape(source, end, out.decoded);
    // Escapes often come in rows; looking for the quote again after each one would be quadratic in a long string.
    while (from < source.size() && source[from] != '"') {
      if (source[from] == '\\') {
        from = decode_escape(source, from, out.decoded);
      } else {
        if (static_cast<unsigned char>(source[from]) < 0x20) refuse_controls(source, from, from + 1);
        out.decoded.push_back(source[from++]);
      }
    }
  }
}

std::size_t skip_digits(std::string_view source, std::size_t at, const char* context) {
  if (!is_digit(at_or_nul(source, at))) fail_json_character(source, at, context);
  while (is_digit(at_or_nul(source, at))) ++at;
  return at;
}

JsonScalar scan_number(std::string_view source, std::size_t begin) {
  std::size_t at = begin;
  bool integral = true;
  if (source[at] == '-') ++at;
  at = at_or_nul(source, at) == '0' ? at + 1 : skip_digits(source, at, "in numeric literal");
  if (at_or_nul(source, at) == '.') {
    integral = false;
    at = skip_digits(source, at + 1, "after decimal point in numeric literal");
  }
  if (const char c = at_or_nul(source, at); c == 'e' || c == 'E') {
    integral = false;
    ++at;
    if (const char sign = at_or_nul(source, at); sign == '+' || sign == '-') ++at;
    at = skip_digits(source, at, "in exponent of numeric literal");
  }
  JsonScalar out;
  out.end = at;
  out.raw = source.substr(begin, at - begin);
  if (const auto integer = integral ? parse_int(out.raw) : std::nullopt) {
    out.type = ScalarType::integer;
    out.decoded = std::to_string(*integer);
  } else if (const auto floating = parse_float(out.raw)) {
    out.type = ScalarType::floating;
    out.decoded = canonical_float(*floating);
  } else {
    fail_json(source, begin, "a number is out of range");
  }
  out.in_source = out.decoded == out.raw;
  return out;
}

JsonScalar scan_word(std::string_view source, std::size_t at) {
  struct Word {
    std::string_view spelling;
    ScalarType type;
    std::string_view canonical;
  };
  static constexpr Word words[] = {
      {"true", ScalarType::boolean, "True"}, {"false", ScalarType::boolean, "False"}, {"null", ScalarType::null, ""}};
  for (const Word& word : words) {
    if (source.substr(at, word.spelling.size()) == word.spelling) {
      JsonScalar out;
      out.type = word.type;
      out.end = at + word.spelling.size();
      out.raw = word.canonical;
      return out;
    }
  }
  fail_json_character(source, at, "looking for beginning of value");
}

}  // namespace

JsonScalar scan_json_scalar(std::string_view source, std::size_t at) {
  const char c = at_or_nul(source, at);
  if (c == '"') return scan_string(source, at);
  if (c == '-' || is_digit(c)) return scan_number(source, at);
  return scan_word(source, at);
}

std::optional<Value> read_json_scalar(std::string_view text) {
  if (text.empty() || utf8::find_invalid(text) != std::string_view::npos) return std::nullopt;
  try {
    const JsonScalar scalar = scan_json_scalar(text, 0);
    if (scalar.end != text.size()) return std::nullopt;
    return Value{scalar.type, std::string(scalar.text())};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void fail_json(std::string_view source, std::size_t at, const std::string& reason) {
  throw Error(ExitCode::could_not_read_input, "Could not unmarshal input data: " + reason, place_of(source, at));
}

void fail_json_character(std::string_view source, std::size_t at, const char* context) {
  if (at >= source.size()) fail_json(source, source.size(), "unexpected EOF");
  const unsigned length = std::max(1U, utf8::decode(source, at).length);
  fail_json(source, at, "invalid character '" + quoted(source.substr(at, length)) + "' " + context);
}

}  // namespace leafseal
