#include "cli/generated_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64.hpp"
#include "base/random.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

constexpr std::size_t longest = 4096;
constexpr std::string_view alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view hex_digits = "0123456789abcdef";

struct Alphabet {
  std::string_view name;
  std::string_view characters;
};
constexpr auto alphabets = std::to_array<Alphabet>({
    {"alnum", alphanumeric},
    {"digits", "0123456789"},
    {"ascii", "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"},
});

Error no_spec(const std::string& spec) {
  return {ExitCode::conflicting_parameters,
          "--generate cannot make " + quoted(spec),
          {"LENGTH, alnum:LENGTH, ascii:LENGTH, digits:LENGTH, hex:BYTES, base64:BYTES, base64url:BYTES or uuid; "
           "lengths go from 1 to 4096"}};
}

std::size_t length_of(std::string_view text, const std::string& spec) {
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc{} || end != text.data() + text.size() || length == 0 || length > longest) throw no_spec(spec);
  return length;
}

SecretBytes in_hex(const SecretBytes& bytes) {
  SecretBytes text(2 * bytes.size());
  std::uint8_t* out = text.data();
  for (const std::uint8_t byte : bytes.bytes()) {
    *out++ = static_cast<std::uint8_t>(hex_digits[byte >> 4]);
    *out++ = static_cast<std::uint8_t>(hex_digits[byte & 15]);
  }
  return text;
}

SecretBytes in_base64(const SecretBytes& bytes, bool for_urls) {
  std::string text = base64::encode(bytes.view(), for_urls ? base64::Padding::forbidden : base64::Padding::required);
  if (for_urls) {
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
  }
  return SecretBytes::copy_of(text);
}

// RFC 9562: version and variant are fixed, 122 bits are random.
SecretBytes uuid() {
  SecretBytes bytes = random_secret(16);
  bytes.data()[6] = static_cast<std::uint8_t>(0x40 | (bytes.data()[6] & 0x0f));
  bytes.data()[8] = static_cast<std::uint8_t>(0x80 | (bytes.data()[8] & 0x3f));
  const SecretBytes hex = in_hex(bytes);
  SecretBytes text(36);
  std::uint8_t* out = text.data();
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) *out++ = '-';
    *out++ = hex.data()[i];
  }
  return text;
}

}  // namespace

SecretBytes generate_value(const std::string& spec) {
  if (spec == "uuid") return uuid();
  const std::size_t colon = spec.find(':');
  const std::string_view kind = colon == std::string::npos ? "alnum" : std::string_view(spec).substr(0, colon);
  const std::size_t length = length_of(std::string_view(spec).substr(colon == std::string::npos ? 0 : colon + 1), spec);
  if (kind == "hex") return in_hex(random_secret(length));
  if (kind == "base64") return in_base64(random_secret(length), false);
  if (kind == "base64url") return in_base64(random_secret(length), true);
  for (const Alphabet& alphabet : alphabets) {
    if (alphabet.name == kind) return random_text(alphabet.characters, length);
  }
  throw no_spec(spec);
}

}  // namespace leafseal::cli
