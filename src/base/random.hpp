// Random bytes from OpenSSL's generator; failure is an Error, never weak bytes (security.md M3).
#pragma once

#include <cstdint>
#include <span>

#include "leafseal/secret.hpp"

namespace leafseal {

void random_bytes(std::span<std::uint8_t> out);
SecretBytes random_secret(std::size_t size);

}  // namespace leafseal
