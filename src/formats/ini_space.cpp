#include "formats/ini_space.hpp"

#include "base/utf8.hpp"

namespace leafseal {
namespace {

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_wide_space(char32_t c) {
  return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
         c == 0x202f || c == 0x205f || c == 0x3000;
}

// Length of the space at `at`, 0 if there is none.
std::size_t space_at(std::string_view source, std::size_t at) {
  if (is_ascii_space(source[at])) return 1;
  if (static_cast<unsigned char>(source[at]) < 0x80) return 0;
  const utf8::Decoded decoded = utf8::decode(source, at);
  return decoded.length != 0 && is_wide_space(decoded.code_point) ? decoded.length : 0;
}

}  // namespace

std::size_t skip_space(std::string_view source, std::size_t begin, std::size_t end) {
  source = source.substr(0, end);
  while (begin < end) {
    const std::size_t length = space_at(source, begin);
    if (length == 0) break;
    begin += length;
  }
  return begin;
}

std::size_t trim_space(std::string_view source, std::size_t begin, std::size_t end) {
  source = source.substr(0, end);
  while (end > begin) {
    std::size_t last = end - 1;  // where the last character begins
    while (last > begin && end - last < 4 && (source[last] & 0xc0) == 0x80) --last;
    const std::size_t length = space_at(source, last);
    if (length == 0 || last + length != end) break;
    end = last;
    source = source.substr(0, end);
  }
  return end;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = skip_space(text, 0, text.size());
  return text.substr(begin, trim_space(text, begin, text.size()) - begin);
}

std::size_t find_either(std::string_view text, char a, char b, std::size_t from) {
  const std::size_t first = text.find(a, from);  // twice a search for one is much faster than one for a set
  const std::size_t other = text.substr(0, first).find(b, from);
  return other != std::string_view::npos ? other : first;
}

}  // namespace leafseal
