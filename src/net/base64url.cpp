#include "net/base64url.hpp"

#include <algorithm>

#include "base/base64.hpp"

namespace leafseal::base64url {

std::string encode(std::string_view bytes) {
  std::string out = base64::encode(bytes, base64::Padding::forbidden);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::optional<std::string> decode(std::string_view text) {
  if (text.find_first_of("+/") != std::string_view::npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  std::string out;
  if (base64::decode(standard, out, base64::Padding::forbidden)) return std::nullopt;
  return out;
}

}  // namespace leafseal::base64url
