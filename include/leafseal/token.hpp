// EncToken: the text form of one sealed leaf, ENC[AES256_GCM,data:...,iv:...,tag:...,type:...] (spec: format.md 2.1).
// Reading is as lenient as the reference (greedy fields, text after the last ] ignored), writing is exact. The type is
// not authenticated: whoever opens a token checks that the plaintext is of that type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "leafseal/value.hpp"

namespace leafseal {

enum class TokenType : std::uint8_t { str, integer, floating, boolean, bytes, time, comment, unknown };

// The parts as written, still base64: views into the text they were read from.
struct EncToken {
  std::string_view data;
  std::string_view iv;
  std::string_view tag;
  std::string_view type_name;
  TokenType type = TokenType::unknown;
  bool trailing_text = false;  // something stands after the last ]
};

// Nothing if the text is not in the form of a token.
std::optional<EncToken> parse_token(std::string_view text);
bool looks_like_token(std::string_view text);  // the cheap half of the above: begins as a token does
// What keeps a token from being opened whatever the key: a type, a length, base64. Empty: nothing.
std::string token_flaw(const EncToken& token);

TokenType token_type(ScalarType type);                   // null has none: std::logic_error
std::string_view token_type_name(TokenType type);        // as written after `type:`
std::size_t token_length(std::size_t plaintext_length, TokenType type);

}  // namespace leafseal
