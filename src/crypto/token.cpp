#include "leafseal/token.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "base/base64.hpp"

namespace leafseal {
namespace {

constexpr std::string_view head = "ENC[AES256_GCM,data:";
constexpr std::string_view iv_mark = ",iv:";
constexpr std::string_view tag_mark = ",tag:";
constexpr std::string_view type_mark = ",type:";
constexpr std::size_t iv_text = 44;   // base64 of 32 bytes
constexpr std::size_t tag_text = 24;  // base64 of 16 bytes
constexpr std::size_t tag_size = 16;

constexpr std::array<std::string_view, 7> type_names = {"str", "int", "float", "bool", "bytes", "time", "comment"};

}  // namespace

bool looks_like_token(std::string_view text) { return text.starts_with(head); }

std::optional<EncToken> parse_token(std::string_view text) {
  if (!looks_like_token(text)) return std::nullopt;
  // The reference's pattern is greedy and stops at the line's end: each mark is the last one that fits.
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::size_t close = line.rfind(']');
  if (close == std::string_view::npos) return std::nullopt;
  // Every mark begins with a comma, and the fields of a token as written hold none: the first one found is it.
  const auto last = [&](std::string_view mark, std::size_t end) {
    for (std::size_t at = end; at > 0;) {
      const void* comma = ::memrchr(line.data(), ',', at);
      if (comma == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const char*>(comma) - line.data());
      if (line.substr(at, std::min(mark.size(), end - at)) == mark) return at;
    }
    return std::string_view::npos;
  };
  // Each field holds one byte at least, so a mark must begin before the byte in front of the next.
  const std::size_t type_at = last(type_mark, close - 1);
  if (type_at == std::string_view::npos || type_at == 0) return std::nullopt;
  const std::size_t tag_at = last(tag_mark, type_at - 1);
  if (tag_at == std::string_view::npos || tag_at == 0) return std::nullopt;
  const std::size_t iv_at = last(iv_mark, tag_at - 1);
  if (iv_at == std::string_view::npos || iv_at <= head.size()) return std::nullopt;

  EncToken token;
  token.data = line.substr(head.size(), iv_at - head.size());
  token.iv = line.substr(iv_at + iv_mark.size(), tag_at - iv_at - iv_mark.size());
  token.tag = line.substr(tag_at + tag_mark.size(), type_at - tag_at - tag_mark.size());
  token.type_name = line.substr(type_at + type_mark.size(), close - type_at - type_mark.size());
  for (std::size_t i = 0; i < type_names.size(); ++i) {
    if (token.type_name == type_names[i]) token.type = static_cast<TokenType>(i);
  }
  token.trailing_text = text.find_first_not_of(" \r\n", close + 1) != std::string_view::npos;
  return token;
}

std::string token_flaw(const EncToken& token) {
  std::string decoded;
  const auto field = [&](std::string_view text, std::string_view name) -> std::string {
    decoded.clear();
    if (base64::decode(text, decoded)) return "its " + std::string(name) + " is not base64";
    return {};
  };
  if (std::string flaw = field(token.data, "data"); !flaw.empty()) return flaw;
  if (std::string flaw = field(token.iv, "iv"); !flaw.empty()) return flaw;
  if (decoded.empty()) return "its iv is empty";
  if (std::string flaw = field(token.tag, "tag"); !flaw.empty()) return flaw;
  if (decoded.size() != tag_size) return "its tag has " + std::to_string(decoded.size()) + " bytes, not 16";
  if (token.type == TokenType::unknown || token.type == TokenType::bytes) return "its type is not one that is written";
  return {};
}

TokenType token_type(ScalarType type) {
  switch (type) {
    case ScalarType::boolean: return TokenType::boolean;
    case ScalarType::integer: return TokenType::integer;
    case ScalarType::floating: return TokenType::floating;
    case ScalarType::string: return TokenType::str;
    case ScalarType::time: return TokenType::time;
    case ScalarType::null: break;
  }
  throw std::logic_error("null is never sealed");
}

std::string_view token_type_name(TokenType type) { return type_names.at(static_cast<std::size_t>(type)); }

std::size_t token_length(std::size_t plaintext_length, TokenType type) {
  return head.size() + base64::encoded_size(plaintext_length) + iv_mark.size() + iv_text + tag_mark.size() + tag_text +
         type_mark.size() + token_type_name(type).size() + 1;
}

}  // namespace leafseal
