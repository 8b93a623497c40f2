// HMAC-SHA-256 (RFC 2104), for signed requests. SHA-256 alone is in base/digest.
#pragma once

#include <string>
#include <string_view>

namespace leafseal {

std::string hmac_sha256(std::string_view key, std::string_view message);  // 32 bytes
std::string hex(std::string_view bytes);                                  // lower case

}  // namespace leafseal
