// White space as the reference's INI reader sees it: Unicode's, not only ASCII's.
#pragma once

#include <cstddef>
#include <string_view>

namespace leafseal {

// Offset of the first byte of [begin, end) that is not white space; `end` if there is none.
std::size_t skip_space(std::string_view source, std::size_t begin, std::size_t end);
// Where [begin, end) ends without the white space at its end.
std::size_t trim_space(std::string_view source, std::size_t begin, std::size_t end);
std::string_view trimmed(std::string_view text);
// The first of two characters from `from` on; npos if there is neither.
std::size_t find_either(std::string_view text, char a, char b, std::size_t from = 0);

}  // namespace leafseal
