#include "recipients/age_bech32.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace leafseal::age {
namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_length = 6;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// The checksum as BIP 173 defines it, fed one five-bit value at a time.
class Checksum {
 public:
  void add(std::uint32_t value) {
    constexpr std::array<std::uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    const std::uint32_t top = state_ >> 25;
    state_ = ((state_ & 0x1ffffff) << 5) ^ value;
    for (std::size_t i = 0; i < generator.size(); ++i)
      if ((top >> i) & 1) state_ ^= generator[i];
  }
  void add_prefix(std::string_view prefix) {
    for (const char c : prefix) add(static_cast<std::uint8_t>(to_lower(c)) >> 5);
    add(0);
    for (const char c : prefix) add(static_cast<std::uint8_t>(to_lower(c)) & 31);
  }
  std::uint32_t value() const { return state_; }

 private:
  std::uint32_t state_ = 1;
};

std::optional<Bech32> refuse(std::string* reason, std::string why) {
  if (reason) *reason = std::move(why);
  return std::nullopt;
}

std::optional<std::uint32_t> digit(char c) {
  const std::size_t at = alphabet.find(to_lower(c));
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint32_t>(at);
}

}  // namespace

std::optional<Bech32> decode_bech32(std::string_view text, std::string* reason) {
  if (std::any_of(text.begin(), text.end(), is_lower) && std::any_of(text.begin(), text.end(), is_upper))
    return refuse(reason, "mixed case");
  const std::size_t separator = text.rfind('1');
  if (separator == std::string_view::npos || separator == 0 || separator + 1 + checksum_length > text.size())
    return refuse(reason, "separator '1' at invalid position");
  const std::string_view prefix = text.substr(0, separator);
  if (std::any_of(prefix.begin(), prefix.end(), [](char c) { return c < 33 || c > 126; }))
    return refuse(reason, "invalid character in the human-readable part");

  const std::string_view digits = text.substr(separator + 1);
  Checksum checksum;
  checksum.add_prefix(prefix);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto value = digit(digits[i]);
    if (!value) return refuse(reason, "invalid character in the data part at " + std::to_string(separator + 1 + i));
    checksum.add(*value);
  }
  if (checksum.value() != 1) return refuse(reason, "invalid checksum");

  const std::string_view payload = digits.substr(0, digits.size() - checksum_length);
  Bech32 out{std::string(prefix), {}};
  out.data.reserve(payload.size() * 5 / 8);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : payload) {
    bits = (bits << 5 | *digit(c)) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      out.data.push_back(static_cast<char>(bits >> count));
    }
  }
  if (count >= 5) return refuse(reason, "illegal zero padding");
  if ((bits & ((1U << count) - 1)) != 0) return refuse(reason, "non-zero padding");
  return out;
}

std::string encode_bech32(std::string_view prefix, std::span<const std::uint8_t> data) {
  const bool upper = std::any_of(prefix.begin(), prefix.end(), is_upper);
  std::string out(prefix);
  out.push_back('1');
  Checksum checksum;
  checksum.add_prefix(prefix);
  const auto put = [&](std::uint32_t value) {
    out.push_back(upper ? to_upper(alphabet[value]) : alphabet[value]);
    checksum.add(value);
  };

  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : data) {
    bits = (bits << 8 | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) put(bits >> (count - 5) & 31);
  }
  if (count > 0) put(bits << (5 - count) & 31);

  for (std::size_t i = 0; i < checksum_length; ++i) checksum.add(0);
  const std::uint32_t sum = checksum.value() ^ 1;
  for (unsigned i = 0; i < checksum_length; ++i) {
    const char c = alphabet[sum >> (5 * (5 - i)) & 31];
    out.push_back(upper ? to_upper(c) : c);
  }
  return out;
}

}  // namespace leafseal::age
