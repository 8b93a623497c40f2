#include "formats/json_text.hpp"

#include <array>
#include <cmath>

#include "base/utf8.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

// Bytes that cannot simply be copied: 1 in both dialects, 2 in the reference's only, 4 starts a multi-byte character.
constexpr std::array<unsigned char, 256> special = [] {
  std::array<unsigned char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 1;
  table['"'] = table['\\'] = 1;
  table['<'] = table['>'] = table['&'] = 2;
  for (std::size_t c = 0x80; c < 0x100; ++c) table[c] = 4;
  return table;
}();

void append_escape(std::string& out, unsigned char c) {
  static constexpr std::string_view values = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
  static constexpr char hex[] = "0123456789abcdef";
  out += '\\';
  if (const std::size_t found = values.find(static_cast<char>(c)); found != std::string_view::npos) {
    out += names[found];
  } else {
    out += "u00";
    out += hex[c >> 4];
    out += hex[c & 15];
  }
}

// A character beyond ASCII at `at`; returns its length.
std::size_t append_character(std::string& out, std::string_view text, std::size_t at, JsonDialect dialect) {
  const utf8::Decoded decoded = utf8::decode(text, at);
  if (decoded.length == 0) {
    out += "\\ufffd";
    return 1;
  }
  const bool separator = decoded.code_point == 0x2028 || decoded.code_point == 0x2029;
  if (separator && dialect == JsonDialect::reference) {
    out += decoded.code_point == 0x2028 ? "\\u2028" : "\\u2029";
  } else {
    out.append(text, at, decoded.length);
  }
  return decoded.length;
}

std::string reference_float(double value) {
  const ShortestDigits d = shortest_digits(value);
  if (value == 0 || (std::fabs(value) >= 1e-6 && std::fabs(value) < 1e21)) return canonical_float(value);
  std::string out = d.negative ? "-" : "";
  out += d.digits[0];
  if (d.digits.size() > 1) out += '.' + d.digits.substr(1);
  const int exponent = d.point - 1;
  out += exponent < 0 ? "e-" : "e+";
  return out + std::to_string(std::abs(exponent));
}

void append_float(std::string& out, std::string_view text, JsonDialect dialect) {
  const auto value = parse_float(text);
  if (!value || !std::isfinite(*value)) {
    throw Error(ExitCode::error_dumping_tree, "json: unsupported value: " + quoted(text));
  }
  if (dialect == JsonDialect::reference) {
    out += reference_float(*value);
    return;
  }
  const std::string plain = canonical_float(*value);
  out += plain;
  if (plain.find('.') == std::string::npos) out += ".0";
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, JsonDialect dialect) {
  const unsigned wanted = dialect == JsonDialect::reference ? 7 : 5;
  out += '"';
  std::size_t copied = 0, at = 0;
  while (at < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    const unsigned kind = special[c] & wanted;
    if (kind == 0) {
      ++at;
      continue;
    }
    out.append(text, copied, at - copied);
    if (kind == 4) {
      at += append_character(out, text, at, dialect);
    } else if (kind == 2) {
      out += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026";
      ++at;
    } else {
      append_escape(out, c);
      ++at;
    }
    copied = at;
  }
  out.append(text, copied, text.size() - copied);
  out += '"';
}

void append_json_scalar(std::string& out, ScalarType type, std::string_view text, JsonDialect dialect) {
  switch (type) {
    case ScalarType::null:
      out += "null";
      return;
    case ScalarType::boolean:
      out += text == "True" ? "true" : "false";
      return;
    case ScalarType::integer:
      out += text;
      return;
    case ScalarType::floating:
      append_float(out, text, dialect);
      return;
    case ScalarType::string:
    case ScalarType::time:
      append_json_string(out, text, dialect);
      return;
  }
}

}  // namespace leafseal
