// The armor of an age file: padded base64 in lines of 64 columns between two fixed lines, so that it can stand in text.
// Reading allows LF and CRLF and up to 1024 bytes of white space before and after, and is strict otherwise.
#pragma once

#include <string>
#include <string_view>

namespace leafseal::age {

std::string add_armor(std::string_view file);

// Throws Error{generic} "invalid armor: ...".
std::string remove_armor(std::string_view text);

// How an armored age file begins, white space aside.
inline constexpr std::string_view armor_begin = "-----BEGIN AGE ENCRYPTED FILE-----";
inline constexpr std::string_view armor_end = "-----END AGE ENCRYPTED FILE-----";

}  // namespace leafseal::age
