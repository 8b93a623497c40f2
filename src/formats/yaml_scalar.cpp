#include "formats/yaml_scalar.hpp"

#include <array>
#include <limits>

#include "base/base64.hpp"
#include "formats/yaml_chars.hpp"

namespace leafseal::yaml {
namespace {

constexpr std::string_view core_prefix = "tag:yaml.org,2002:";

constexpr std::array<std::pair<std::string_view, ScalarTag>, 7> core_tags = {{
    {"!!null", ScalarTag::null},
    {"!!bool", ScalarTag::boolean},
    {"!!int", ScalarTag::integer},
    {"!!float", ScalarTag::floating},
    {"!!timestamp", ScalarTag::time},
    {"!!str", ScalarTag::string},
    {"!!binary", ScalarTag::binary},
}};

}  // namespace

ScalarTag scalar_tag(std::string_view prefix, std::string_view suffix) {
  std::string tag(prefix);
  tag += suffix;
  if (tag == "!") return ScalarTag::non_specific;
  if (tag.starts_with(core_prefix)) tag.replace(0, core_prefix.size(), "!!");
  for (const auto& [name, known] : core_tags) {
    if (tag == name) return known;
  }
  return ScalarTag::other;
}

std::string_view tag_name(ScalarTag tag) {
  for (const auto& [name, known] : core_tags) {
    if (tag == known) return name;
  }
  return "!!str";
}

namespace {

Resolved as_string(std::string_view text) { return {ScalarType::string, false, text, {}}; }

Resolved as_made(ScalarType type, std::string canonical, std::string_view value) {
  if (canonical == value) return {type, false, value, {}};
  return {type, false, {}, std::move(canonical)};
}

// --- numbers -------------------------------------------------------------------------------------------------------

struct Integer {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

std::optional<std::uint64_t> read_digits(std::string_view digits, unsigned base) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    const int digit = hex_digit(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return {};
    const auto more = static_cast<std::uint64_t>(digit);
    if (value > (std::numeric_limits<std::uint64_t>::max() - more) / base) return {};
    value = value * base + more;
  }
  return value;
}

// Sign and digits, the base by prefix: 0x, 0o, 0b, and 0 alone for octal. A sign may also follow 0o and 0b.
std::optional<Integer> read_integer(std::string_view text) {
  Integer integer;
  const auto take_sign = [&] {
    const bool sign = text.starts_with('-') || text.starts_with('+');
    if (sign) {
      integer.negative = text.front() == '-';
      text.remove_prefix(1);
    }
    return sign;
  };
  const bool sign = take_sign();
  if (text.empty()) return {};
  unsigned base = 10;
  if (text.front() == '0' && text.size() > 1) {
    const char prefix = text[1];
    base = prefix == 'x' || prefix == 'X' ? 16 : prefix == 'b' || prefix == 'B' ? 2 : 8;
    text.remove_prefix(base != 8 || prefix == 'o' || prefix == 'O' ? 2 : 1);
    if (!sign && (prefix == 'o' || prefix == 'b')) take_sign();
    if (text.empty()) return {};
  }
  const std::optional<std::uint64_t> magnitude = read_digits(text, base);
  if (!magnitude) return {};
  integer.magnitude = *magnitude;
  return integer;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_float(std::string_view text) {
  std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - from;
  };
  const std::size_t whole = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0 && whole == 0) return false;
  } else if (whole == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::optional<Resolved> read_float(std::string_view text, std::string_view value) {
  if (!looks_like_float(text)) return {};
  const std::optional<double> number = parse_float(text);
  if (!number) return {};
  return as_made(ScalarType::floating, canonical_float(*number), value);
}

std::string without_underscores(std::string_view text) {
  std::string out(text);
  std::erase(out, '_');
  return out;
}

// A number that begins with a digit or sign. Underscores are nothing there.
std::optional<Resolved> read_number(std::string_view value) {
  std::string bare;
  std::string_view text = value;
  if (value.find('_') != std::string_view::npos) text = bare = without_underscores(value);
  if (const std::optional<Integer> integer = read_integer(text)) {
    constexpr std::uint64_t limit = std::uint64_t{1} << 63;
    const std::uint64_t magnitude = integer->magnitude;
    const bool fits = magnitude < limit || (integer->negative && magnitude == limit);
    const bool is_signed = text.starts_with('-') || text.starts_with('+');
    if (fits || (!is_signed && !integer->negative)) {
      const bool minus = integer->negative && magnitude != 0;
      Resolved result = as_made(ScalarType::integer, (minus ? "-" : "") + std::to_string(magnitude), value);
      result.beyond_int64 = !fits;
      return result;
    }
  }
  return read_float(text, value);
}

// A number that begins with a point: underscores may only stand between digits.
std::optional<Resolved> read_point_number(std::string_view value) {
  for (std::size_t at = value.find('_'); at != std::string_view::npos; at = value.find('_', at + 1)) {
    if (!is_digit(value[at - 1]) || at + 1 == value.size() || !(is_digit(value[at + 1]))) return {};
  }
  return read_float(without_underscores(value), value);
}

// --- words ---------------------------------------------------------------------------------------------------------

struct Word {
  std::string_view spelling;
  ScalarType type;
  std::string_view canonical;
};
constexpr Word words[] = {
    {"~", ScalarType::null, ""},           {"null", ScalarType::null, ""},
    {"Null", ScalarType::null, ""},        {"NULL", ScalarType::null, ""},
    {"true", ScalarType::boolean, "True"}, {"True", ScalarType::boolean, "True"},
    {"TRUE", ScalarType::boolean, "True"}, {"false", ScalarType::boolean, "False"},
    {"False", ScalarType::boolean, "False"}, {"FALSE", ScalarType::boolean, "False"},
    {".nan", ScalarType::floating, "NaN"}, {".NaN", ScalarType::floating, "NaN"},
    {".NAN", ScalarType::floating, "NaN"}, {".inf", ScalarType::floating, "+Inf"},
    {".Inf", ScalarType::floating, "+Inf"}, {".INF", ScalarType::floating, "+Inf"},
    {"+.inf", ScalarType::floating, "+Inf"}, {"+.Inf", ScalarType::floating, "+Inf"},
    {"+.INF", ScalarType::floating, "+Inf"}, {"-.inf", ScalarType::floating, "-Inf"},
    {"-.Inf", ScalarType::floating, "-Inf"}, {"-.INF", ScalarType::floating, "-Inf"},
};

std::optional<Resolved> read_word(std::string_view value) {
  if (value.empty()) return Resolved{};
  for (const Word& word : words) {
    if (word.spelling == value) return Resolved{word.type, false, word.canonical, {}};
  }
  return {};
}

// By its look alone.
Resolved resolve_plain(std::string_view value, bool timestamps) {
  const char first = value.empty() ? '~' : value.front();
  constexpr std::string_view in_words = "~nNtTfF.+-";
  if (in_words.find(first) != std::string_view::npos) {
    if (const auto word = value.size() <= 5 ? read_word(value) : std::nullopt) return *word;
  }
  if (first == '.') {
    if (const auto number = read_point_number(value)) return *number;
  } else if (is_digit(first) || first == '-' || first == '+') {
    if (timestamps) {
      if (auto time = resolve_timestamp(value)) return as_made(ScalarType::time, std::move(*time), value);
    }
    if (const auto number = read_number(value)) return *number;
  }
  return as_string(value);
}

std::optional<Resolved> resolve_binary(std::string_view value) {
  std::string bare(value), decoded;
  std::erase_if(bare, [](char c) { return c == '\n' || c == '\r'; });
  if (base64::decode(bare, decoded)) return {};
  return as_made(ScalarType::string, std::move(decoded), value);
}

}  // namespace

std::optional<Resolved> resolve_scalar(ScalarTag tag, Style style, std::string_view value) {
  switch (tag) {
    case ScalarTag::none:
    case ScalarTag::non_specific: return style == Style::plain ? resolve_plain(value, true) : as_string(value);
    case ScalarTag::string:
    case ScalarTag::other: return as_string(value);
    case ScalarTag::binary: return resolve_binary(value);
    default: break;
  }
  Resolved found = resolve_plain(value, tag == ScalarTag::time);
  const auto wants = [&](ScalarTag wanted, ScalarType type) { return tag == wanted && found.type == type; };
  if (wants(ScalarTag::floating, ScalarType::integer) && !found.beyond_int64) {
    const std::string_view text = found.made.empty() ? found.text : found.made;
    return as_made(ScalarType::floating, canonical_float(static_cast<double>(*parse_int(text))), value);
  }
  const bool fits = wants(ScalarTag::null, ScalarType::null) || wants(ScalarTag::boolean, ScalarType::boolean) ||
                    wants(ScalarTag::integer, ScalarType::integer) ||
                    wants(ScalarTag::floating, ScalarType::floating) || wants(ScalarTag::time, ScalarType::time);
  if (!fits) return {};
  return found;
}

ScalarType plain_scalar_type(std::string_view text) {
  const std::optional<Resolved> read = resolve_scalar(ScalarTag::none, Style::plain, text);
  return read ? read->type : ScalarType::string;
}

}  // namespace leafseal::yaml
