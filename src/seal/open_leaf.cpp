#include "seal/open_leaf.hpp"

#include "leafseal/error.hpp"
#include "leafseal/token.hpp"

namespace leafseal {
namespace {

std::optional<ScalarType> scalar_type(TokenType type) {
  switch (type) {
    case TokenType::str: return ScalarType::string;
    case TokenType::integer: return ScalarType::integer;
    case TokenType::floating: return ScalarType::floating;
    case TokenType::boolean: return ScalarType::boolean;
    case TokenType::time: return ScalarType::time;
    case TokenType::bytes:  // never written; the reference crashes on it (security.md I3)
    case TokenType::comment:
    case TokenType::unknown: break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Value> open_leaf(LeafCipher& cipher, std::string_view text, std::string_view associated_data,
                               OpenFailure& failure) {
  const auto token = parse_token(text);
  if (!token) {
    failure.reason = "Input string does not match sops' data format";
    return std::nullopt;
  }
  Value value;
  if (!cipher.open(*token, associated_data, value.text, failure)) return std::nullopt;
  const auto type = scalar_type(token->type);
  if (!type) {
    failure.reason = token->type == TokenType::comment ? "a comment stands in the place of a value"
                                                       : "Unknown datatype: " + quoted(token->type_name, 40);
    wipe(value.text.data(), value.text.size());
    return std::nullopt;
  }
  value.type = *type;
  if (*type == ScalarType::string) return value;
  auto canonical = canonical_value(*type, value.text);
  wipe(value.text.data(), value.text.size());
  if (!canonical) {
    failure.reason = "the decrypted value is not of the type " + std::string(token->type_name) + " that the file names";
  }
  return canonical;
}

std::optional<std::string> open_comment(LeafCipher& cipher, std::string_view text, std::string_view associated_data) {
  const auto token = parse_token(text);
  std::string plain;
  OpenFailure failure;
  if (!token || !cipher.open(*token, associated_data, plain, failure)) return std::nullopt;
  return plain;
}

}  // namespace leafseal
