// Base64 with the standard alphabet. Decoding is strict (security.md P6): no blanks, no line breaks, canonical final
// bits, and padding exactly where it is asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace leafseal::base64 {

enum class Padding { required, forbidden };

std::size_t encoded_size(std::size_t bytes);  // with padding
void append(std::span<const std::uint8_t> bytes, std::string& out, Padding padding = Padding::required);
std::string encode(std::string_view bytes, Padding padding = Padding::required);

// Appends the decoded bytes. Returns the offset of the first byte that does not fit, or nothing when all is well.
std::optional<std::size_t> decode(std::string_view text, std::string& out, Padding padding = Padding::required);

}  // namespace leafseal::base64
