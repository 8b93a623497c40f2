#include "formats/yaml_input.hpp"

#include <cstdint>
#include <cstring>

#include "base/file.hpp"
#include "base/utf8.hpp"
#include "leafseal/document.hpp"

namespace leafseal::yaml {
namespace {

[[noreturn]] void refuse(std::string_view text, std::size_t at, const char* problem) {
  throw Error(ExitCode::could_not_read_input, std::string("yaml: ") + problem, place_of(text, at));
}

std::string from_utf16(const std::string& source, bool little) {
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(source[at]), second = static_cast<unsigned char>(source[at + 1]);
    return static_cast<char32_t>(little ? first | second << 8 : first << 8 | second);
  };
  std::string text;
  text.reserve(source.size());
  std::size_t at = 2;
  for (; at + 1 < source.size(); at += 2) {
    char32_t code = unit(at);
    if ((code & 0xfc00) == 0xdc00) refuse(text, text.size(), "unexpected low surrogate area");
    if ((code & 0xfc00) == 0xd800) {
      at += 2;
      if (at + 1 >= source.size()) refuse(text, text.size(), "incomplete UTF-16 surrogate pair");
      const char32_t low = unit(at);
      if ((low & 0xfc00) != 0xdc00) refuse(text, text.size(), "expected low surrogate area");
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
    }
    utf8::append(code, text);
  }
  if (at < source.size()) refuse(text, text.size(), "incomplete UTF-16 character");
  return text;
}

bool is_text(char32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c <= 0x7e || c == 0x85 || (c >= 0xa0 && c <= 0xfffd) || c >= 0x10000;
}

// Eight bytes at a time: true if each is printable ASCII or a tab or line break.
bool plain_block(const char* p) {
  std::uint64_t block;
  std::memcpy(&block, p, sizeof block);
  constexpr std::uint64_t ones = 0x0101010101010101U;
  const std::uint64_t below_blank = (block - ones * 0x20) & ~block;
  const std::uint64_t deletes = ((block ^ ones * 0x7f) - ones);
  if (((block | below_blank | deletes) & ones * 0x80) == 0) return true;
  for (int i = 0; i < 8; ++i) {
    const auto c = static_cast<unsigned char>(p[i]);
    if (c >= 0x7f || !is_text(c)) return false;
  }
  return true;
}

// Checks every character; true if all are ASCII.
bool check(const std::string& text, std::size_t at) {
  bool ascii = true;
  while (at < text.size()) {
    if (at + 8 <= text.size() && plain_block(text.data() + at)) {
      at += 8;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    char32_t code = byte;
    unsigned length = 1;
    if (byte >= 0x80) {
      ascii = false;
      const utf8::Decoded decoded = utf8::decode(text, at);
      if (decoded.length == 0) {
        const bool leading = (byte & 0xc0) == 0x80 || byte >= 0xf8;
        refuse(text, at, leading ? "invalid leading UTF-8 octet" : "invalid trailing UTF-8 octet");
      }
      code = decoded.code_point;
      length = decoded.length;
    }
    if (!is_text(code)) refuse(text, at, "control characters are not allowed");
    at += length;
  }
  return ascii;
}

}  // namespace

Input prepare_input(std::string source) {
  if (source.size() > document_limit) {
    throw Error(ExitCode::could_not_read_input, "the document is larger than 256 MiB");
  }
  Input input;
  if (source.starts_with("\xff\xfe")) {
    input.text = from_utf16(source, true);
  } else if (source.starts_with("\xfe\xff")) {
    input.text = from_utf16(source, false);
  } else {
    input.text = std::move(source);
    if (input.text.starts_with("\xef\xbb\xbf")) input.begin = 3;
  }
  // The reference takes a second mark apart, with characters lost further down: no text that anybody means.
  if (input.text.compare(input.begin, 3, "\xef\xbb\xbf") == 0) {
    refuse(input.text, input.begin, "control characters are not allowed");
  }
  input.ascii = check(input.text, input.begin);
  return input;
}

}  // namespace leafseal::yaml
