// UTF-8: strict decoding (no overlong forms, no surrogates, at most U+10FFFF).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leafseal::utf8 {

// The code point at `at` and its length in bytes; length 0 when the bytes are not valid there.
struct Decoded {
  char32_t code_point = 0;
  unsigned length = 0;
};
Decoded decode(std::string_view text, std::size_t at);
void append(char32_t code_point, std::string& out);

// Offset of the first invalid byte, npos if the whole text is valid.
std::size_t find_invalid(std::string_view text);

}  // namespace leafseal::utf8
