// Random bytes from OpenSSL's generator; failure is an Error, never weak bytes (security.md M3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "leafseal/secret.hpp"

namespace leafseal {

void random_bytes(std::span<std::uint8_t> out);
SecretBytes random_secret(std::size_t size);
// `length` characters, each of the alphabet (2 to 256 of them, single bytes) equally likely.
SecretBytes random_text(std::string_view alphabet, std::size_t length);

}  // namespace leafseal
