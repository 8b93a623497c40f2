#include "formats/yaml_plain.hpp"

#include "base/utf8.hpp"
#include "formats/yaml_scalar.hpp"
#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7f; }

bool may_begin(std::string_view text, bool in_flow) {
  const char first = text.front();
  const bool spaced = text.size() == 1 || is_blank(text[1]);
  if (first == '-') return !spaced && !(in_flow && std::string_view(",[]{}").find(text[1]) != std::string_view::npos);
  if (first == '?' || first == ':') return !in_flow && !spaced;
  return std::string_view(",[]{}#&*!|>'\"%@`").find(first) == std::string_view::npos && !is_blank(first);
}

// Printable, and no break of any YAML version: what a plain scalar on one line may hold. No tab either, although it
// may: the reference quotes it, and other readers refuse it.
bool printable(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_printable_ascii(text[at])) {
      ++at;
      continue;
    }
    const auto [code, length] = utf8::decode(text, at);
    if (length == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 || code == 0xfeff ||
        code == 0xfffe || code == 0xffff) {
      return false;
    }
    at += length;
  }
  return true;
}

}  // namespace

bool stands_plain(std::string_view text, bool in_flow) {
  if (text.empty() || is_blank(text.back()) || text.back() == ':' || !may_begin(text, in_flow)) return false;
  if (text.starts_with("---") || text.starts_with("...")) return false;
  for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    if (in_flow || is_blank(text[at + 1])) return false;
  }
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (is_blank(text[at - 1])) return false;
  }
  if (in_flow && text.find_first_of(",[]{}?") != std::string_view::npos) return false;
  return text != "<<" && plain_scalar_type(text) == ScalarType::string && !special_in_yaml_1_1(text) && printable(text);
}

std::string plain_spelling(ScalarType type, std::string_view text) {
  switch (type) {
    case ScalarType::null: return "null";
    case ScalarType::boolean: return text == "True" ? "true" : "false";
    case ScalarType::floating:
      // Without a point as the reference prints it: 1, 1e+06, .inf. An author's 1.0 comes back by its layout record.
      if (text.find('.') == std::string_view::npos) return canonical_form(type, text).text;
      break;
    case ScalarType::integer:
    case ScalarType::string:
    case ScalarType::time: break;
  }
  return std::string(text);
}

}  // namespace leafseal::yaml
