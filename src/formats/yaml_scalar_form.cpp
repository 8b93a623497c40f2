#include "formats/yaml_scalar_form.hpp"

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "formats/yaml_scalar.hpp"

namespace leafseal::yaml {
namespace {

bool blank_or_end(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == ' ' || text[at] == '\t';
}

// What a text contains that rules out one style or another.
struct Features {
  bool empty = false;
  bool tab = false;
  bool unprintable = false;  // must be escaped; characters outside the BMP count as such
  bool breaks = false;
  bool block_indicator = false;  // would be read as syntax where a plain scalar stands in block context
  bool flow_indicator = false;
  bool leading_space = false, leading_break = false, trailing_space = false, trailing_break = false;
  bool break_then_space = false, space_then_break = false;

  bool plain_allowed(bool in_flow) const {
    return !(in_flow && empty) && !leading_space && !leading_break && !trailing_space && !trailing_break && !breaks &&
           !(in_flow ? flow_indicator : block_indicator) && single_quoted_allowed();
  }
  bool single_quoted_allowed() const { return !break_then_space && !space_then_break && !tab && !unprintable; }
  bool literal_allowed() const { return !empty && !trailing_space && !space_then_break && !unprintable; }
};

bool printable(char32_t c) {
  return (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xfffd && c != 0xfeff);
}

void note_indicator(std::string_view text, std::size_t at, bool after_blank, Features& f) {
  const char c = text[at];
  const bool blank_follows = blank_or_end(text, at + 1);
  if (at == 0) {
    if (std::string_view("#,[]{}&*!|>'\"%@`").find(c) != text.npos) f.flow_indicator = f.block_indicator = true;
    if (c == '?' || c == ':') {
      f.flow_indicator = true;
      f.block_indicator |= blank_follows;
    }
    if (c == '-' && blank_follows) f.flow_indicator = f.block_indicator = true;
    return;
  }
  if (std::string_view(",?[]{}:").find(c) != std::string_view::npos) f.flow_indicator = true;
  if (c == ':') f.block_indicator |= blank_follows;
  if (c == '#' && after_blank) f.flow_indicator = f.block_indicator = true;
}

Features features_of(std::string_view text) {
  Features f;
  f.empty = text.empty();
  if (text.starts_with("---") || text.starts_with("...")) f.flow_indicator = f.block_indicator = true;
  bool after_space = false, after_break = false, after_blank = true;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded c = utf8::decode(text, at);
    const std::size_t length = std::max(1U, c.length);
    const bool last = at + length >= text.size();
    note_indicator(text, at, after_blank, f);
    const bool is_break = break_length(text, at) != 0;
    const bool is_space = c.code_point == ' ';
    if (c.code_point == '\t') {
      f.tab = true;
    } else if (c.code_point != '\n' && !printable(c.code_point)) {
      f.unprintable = true;
    }
    if (is_space) {
      f.leading_space |= at == 0;
      f.trailing_space |= last;
      f.break_then_space |= after_break;
    } else if (is_break) {
      f.breaks = true;
      f.leading_break |= at == 0;
      f.trailing_break |= last;
      f.space_then_break |= after_space;
    }
    after_space = is_space;
    after_break = is_break;
    after_blank = is_space || is_break || c.code_point == '\t' || c.code_point == 0;
    at += length;
  }
  return f;
}

// Words that YAML 1.1 reads as booleans: printed quoted for readers of that age.
bool old_boolean(std::string_view text) {
  static constexpr std::array<std::string_view, 16> words = {"y", "Y", "yes", "Yes", "YES", "on",  "On",  "ON",
                                                             "n", "N", "no",  "No",  "NO",  "off", "Off", "OFF"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

// [sign] digit {digit|_} {: [0-5] digit}+ [. {digit|_}]: a number in YAML 1.1.
bool base_60(std::string_view text) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  if (!digit(at)) return false;
  while (digit(at) || (at < text.size() && text[at] == '_')) ++at;
  std::size_t parts = 0;
  for (; at < text.size() && text[at] == ':'; ++parts) {
    ++at;
    if (!digit(at)) return false;
    at += text[at] <= '5' && digit(at + 1) ? 2 : 1;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (digit(at) || (at < text.size() && text[at] == '_')) ++at;
  }
  return parts > 0 && at == text.size();
}

ScalarForm form_of_string(std::string_view text) {
  if (text == "<<") return {Style::plain, "merge", std::string(text), false};
  const Features f = features_of(text);
  ScalarForm form{Style::plain, {}, std::string(text), f.breaks};
  if (text.find('\n') != text.npos) {
    // A TAB first would have to be indentation: the reference cannot read what it prints there, and loses the value.
    form.style = f.literal_allowed() && text[0] != '\t' ? Style::literal : Style::double_quoted;
  } else if (plain_scalar_type(text) != ScalarType::string || special_in_yaml_1_1(text)) {
    form.style = Style::double_quoted;
  } else if (!f.plain_allowed(false)) {
    form.style = f.single_quoted_allowed() ? Style::single_quoted : Style::double_quoted;
  }
  return form;
}

// Bytes that are no UTF-8: base64, in lines of 70 where it is longer.
ScalarForm form_of_bytes(std::string_view bytes) {
  constexpr std::size_t line = 70;
  const std::string encoded = base64::encode(bytes);
  ScalarForm form{Style::plain, "binary", encoded, false};
  if (encoded.size() < line) return form;
  form.style = Style::literal;
  form.several_lines = true;
  form.text.clear();
  for (std::size_t at = 0; at < encoded.size(); at += line) form.text.append(encoded, at, line) += '\n';
  return form;
}

// With an exponent below 1e-4 and from 1e6 on; two digits at least in it, and its sign.
std::string float_text(std::string_view canonical) {
  if (canonical == "+Inf") return ".inf";
  if (canonical == "-Inf") return "-.inf";
  if (canonical == "NaN") return ".nan";
  const std::optional<double> value = parse_float(canonical);
  if (!value) return std::string(canonical);
  const ShortestDigits d = shortest_digits(*value);
  const int exponent = *value == 0 ? 0 : d.point - 1;
  if (exponent >= -4 && exponent < 6) return canonical_float(*value);
  std::string out = (d.negative ? "-" : "") + d.digits.substr(0, 1);
  if (d.digits.size() > 1) out += '.' + d.digits.substr(1);
  const std::string power = std::to_string(exponent < 0 ? -exponent : exponent);
  return out + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
}

void append_escape(char32_t c, std::string& out) {
  static constexpr std::string_view named("\0\a\b\t\n\v\f\r\x1b\"\\", 11);
  static constexpr std::string_view letters = "0abtnvfre\"\\";
  out += '\\';
  if (const std::size_t known = c < 0x80 ? named.find(static_cast<char>(c)) : named.npos; known != named.npos) {
    out += letters[known];
    return;
  }
  switch (c) {
    case 0x85: out += 'N'; return;
    case 0xa0: out += '_'; return;
    case 0x2028: out += 'L'; return;
    case 0x2029: out += 'P'; return;
    default: break;
  }
  const int digits = c <= 0xff ? 2 : c <= 0xffff ? 4 : 8;
  out += digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += "0123456789ABCDEF"[c >> shift & 15];
}

}  // namespace

bool special_in_yaml_1_1(std::string_view text) { return old_boolean(text) || base_60(text); }

std::size_t break_length(std::string_view text, std::size_t at) {
  if (at == text.size()) return 0;
  const std::string_view rest = text.substr(at, 3);
  switch (rest[0]) {
    case '\n':
    case '\r': return 1;
    case '\xc2': return rest.starts_with("\xc2\x85") ? 2 : 0;
    case '\xe2': return rest == "\xe2\x80\xa8" || rest == "\xe2\x80\xa9" ? 3 : 0;
    default: return 0;
  }
}

ScalarForm canonical_form(ScalarType type, std::string_view text) {
  switch (type) {
    case ScalarType::null: return {Style::plain, {}, "null", false};
    case ScalarType::boolean: return {Style::plain, {}, text == "True" ? "true" : "false", false};
    case ScalarType::floating: return {Style::plain, {}, float_text(text), false};
    case ScalarType::integer:
    case ScalarType::time: return {Style::plain, {}, std::string(text), false};
    case ScalarType::string: break;
  }
  return utf8::find_invalid(text) == text.npos ? form_of_string(text) : form_of_bytes(text);
}

void append_double_quoted(std::string_view text, std::string& out) {
  // Behind a byte order mark the reference escapes everything.
  const bool escape_all = text.starts_with("\xef\xbb\xbf");
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded c = utf8::decode(text, at);
    const std::size_t length = std::max(1U, c.length);
    const bool special = c.code_point == '"' || c.code_point == '\\' || break_length(text, at) != 0;
    if (escape_all || special || !printable(c.code_point)) {
      append_escape(c.code_point, out);
    } else {
      out.append(text.substr(at, length));
    }
    at += length;
  }
  out += '"';
}

std::string one_line(const ScalarForm& form, bool in_flow) {
  std::string out;
  if (!form.tag.empty()) out.append("!!").append(form.tag) += ' ';
  const Features f = features_of(form.text);
  const bool quote_for_flow = in_flow && form.style == Style::plain && !f.plain_allowed(true);
  if (form.style == Style::plain && !quote_for_flow) return out += form.text;
  if (form.style == Style::single_quoted || quote_for_flow) {
    out += '\'';
    for (const char c : form.text) out.append(c == '\'' ? 2 : 1, c);
    return out += '\'';
  }
  append_double_quoted(form.text, out);
  return out;
}

}  // namespace leafseal::yaml
