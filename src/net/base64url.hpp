// Base64 with the alphabet for URLs, without padding (RFC 4648 5): JSON web tokens, Azure Key Vault.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leafseal::base64url {

std::string encode(std::string_view bytes);
std::optional<std::string> decode(std::string_view text);  // strict as base/base64

}  // namespace leafseal::base64url
