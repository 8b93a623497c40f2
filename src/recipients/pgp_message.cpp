#include "recipients/pgp_message.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "base/base64.hpp"

namespace leafseal {
namespace {

using Byte = std::uint8_t;

constexpr std::string_view begin_line = "-----BEGIN PGP MESSAGE-----";
constexpr std::string_view end_line = "-----END PGP MESSAGE-----";

// Packet types that a message encrypted to public keys consists of.
enum Tag : unsigned { public_key_session = 1, passphrase_session = 3, encrypted = 9, marker = 10, encrypted_integrity = 18, encrypted_aead = 20, padding = 21 };

std::vector<std::string_view> trimmed_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::uint32_t crc24(std::string_view bytes) {
  std::uint32_t crc = 0xb704ceU;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<Byte>(c)) << 16;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x800000U) != 0 ? ((crc << 1) ^ 0x1864cfbU) & 0xffffffU : crc << 1;
  }
  return crc;
}

// The bytes under the armor; nothing if it is none.
std::optional<std::string> without_armor(std::string_view text) {
  const std::vector<std::string_view> lines = trimmed_lines(text);
  std::size_t at = 0;
  while (at < lines.size() && lines[at].empty()) ++at;
  if (at == lines.size() || lines[at++] != begin_line) return std::nullopt;
  while (at < lines.size() && lines[at].find(": ") != std::string_view::npos) ++at;  // `Version: ...`
  if (at < lines.size() && lines[at].empty()) ++at;
  std::string encoded, bytes, sum;
  for (; at < lines.size() && !lines[at].starts_with('=') && lines[at] != end_line; ++at) encoded += lines[at];
  if (at < lines.size() && lines[at].starts_with('=')) sum = lines[at++].substr(1);
  if (at == lines.size() || lines[at] != end_line) return std::nullopt;
  if (base64::decode(encoded, bytes) || bytes.empty()) return std::nullopt;
  if (sum.empty()) return bytes;
  std::string stated;
  if (base64::decode(sum, stated) || stated.size() != 3) return std::nullopt;
  const std::uint32_t crc = crc24(bytes);
  const std::string wanted = {static_cast<char>(crc >> 16), static_cast<char>(crc >> 8), static_cast<char>(crc)};
  return stated == wanted ? std::optional(bytes) : std::nullopt;
}

class Packets {
 public:
  explicit Packets(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  // The type of the next packet, which is skipped; nothing if it does not fit into what is there.
  std::optional<unsigned> next() {
    const auto head = number(1);
    if (!head || (*head & 0x80U) == 0) return std::nullopt;
    if ((*head & 0x40U) == 0) {
      const unsigned width = *head & 3U;
      const auto length = width == 3 ? std::optional(static_cast<std::uint32_t>(rest_.size())) : number(1U << width);
      return length && skip(*length) ? std::optional((*head >> 2) & 15U) : std::nullopt;
    }
    while (const auto part = next_length()) {
      if (!skip(part->size)) return std::nullopt;
      if (!part->more) return *head & 63U;
    }
    return std::nullopt;
  }

 private:
  struct Length {
    std::uint32_t size;
    bool more;  // a part, with another behind it
  };

  std::optional<Length> next_length() {
    const auto first = number(1);
    if (!first) return std::nullopt;
    if (*first < 192) return Length{*first, false};
    if (*first >= 224 && *first < 255) return Length{1U << (*first & 31U), true};
    const auto more = number(*first == 255 ? 4 : 1);
    if (!more) return std::nullopt;
    return Length{*first == 255 ? *more : ((*first - 192) << 8) + *more + 192, false};
  }

  std::optional<std::uint32_t> number(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : rest_.substr(0, width)) value = (value << 8) | static_cast<Byte>(c);
    rest_.remove_prefix(width);
    return value;
  }

  bool skip(std::size_t size) {
    if (rest_.size() < size) return false;
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::string pgp_message_problem(std::string_view armored) {
  const auto bytes = without_armor(armored);
  if (!bytes) return "is not an armored OpenPGP message";
  Packets packets(*bytes);
  bool has_session_key = false;
  bool has_content = false;
  while (!packets.done()) {
    const auto tag = packets.next();
    if (!tag) return "holds an OpenPGP packet that is cut off or malformed";
    const bool content = *tag == encrypted || *tag == encrypted_integrity || *tag == encrypted_aead;
    const bool known = content || *tag == public_key_session || *tag == passphrase_session || *tag == marker || *tag == padding;
    if (!known || (has_content && *tag != padding)) return "holds an OpenPGP packet that has no place in an encrypted message";
    has_session_key = has_session_key || *tag == public_key_session;
    has_content = has_content || content;
  }
  return has_session_key && has_content ? "" : "holds no OpenPGP message that is encrypted to a public key";
}

}  // namespace leafseal
