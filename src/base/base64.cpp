#include "base/base64.hpp"

#include <array>
#include <cstring>

namespace leafseal::base64 {
namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> reverse_alphabet() {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (int i = 0; i < 64; ++i) table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return table;
}
constexpr auto value_of = reverse_alphabet();

// A group of four characters is the sum of four look-ups, each in its place of the 24 bits; a character that is none
// sets a bit above them.
constexpr std::uint32_t no_group = 1U << 24;
constexpr std::array<std::array<std::uint32_t, 256>, 4> group_tables() {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::size_t place = 0; place < 4; ++place) {
    for (std::size_t c = 0; c < 256; ++c) {
      tables[place][c] = value_of[c] < 0 ? no_group : static_cast<std::uint32_t>(value_of[c]) << (18 - 6 * place);
    }
  }
  return tables;
}
constexpr auto groups = group_tables();

// Twelve bits at a time: two characters for each lookup.
constexpr std::array<std::array<char, 2>, 4096> pair_alphabet() {
  std::array<std::array<char, 2>, 4096> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = {alphabet[i >> 6], alphabet[i & 63]};
  return table;
}
constexpr auto pairs = pair_alphabet();

int value_at(std::string_view text, std::size_t i) { return value_of[static_cast<unsigned char>(text[i])]; }

}  // namespace

std::size_t encoded_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

void append(std::span<const std::uint8_t> bytes, std::string& out, Padding padding) {
  const std::size_t start = out.size();
  out.resize(start + encoded_size(bytes.size()));
  char* to = out.data() + start;
  // Raw pointers in the two inner loops: every leaf passes here, and large files spend most of their time in it.
  const std::uint8_t* from = bytes.data();
  const std::uint8_t* const whole = from + bytes.size() / 3 * 3;
  const auto* const table = pairs.data();
  for (; from != whole; from += 3, to += 4) {
    const unsigned group = static_cast<unsigned>(from[0]) << 16 | static_cast<unsigned>(from[1]) << 8 | from[2];
    std::memcpy(to, table[group >> 12].data(), 2);
    std::memcpy(to + 2, table[group & 4095].data(), 2);
  }
  const std::size_t i = bytes.size() / 3 * 3;
  const std::size_t rest = bytes.size() - i;
  if (rest == 0) return;
  const unsigned group =
      static_cast<unsigned>(bytes[i]) << 16 | (rest == 2 ? static_cast<unsigned>(bytes[i + 1]) << 8 : 0U);
  *to++ = alphabet[group >> 18];
  *to++ = alphabet[group >> 12 & 63];
  *to++ = rest == 2 ? alphabet[group >> 6 & 63] : '=';
  *to = '=';
  if (padding == Padding::forbidden) out.resize(out.size() - (3 - rest));
}

std::string encode(std::string_view bytes, Padding padding) {
  std::string out;
  append({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, out, padding);
  return out;
}

std::optional<std::size_t> decode(std::string_view text, std::string& out, Padding padding) {
  std::size_t length = text.size();
  if (padding == Padding::required) {
    if (length % 4 != 0) {
      std::size_t at = 0;
      while (at < length && value_at(text, at) >= 0) ++at;
      return at < length ? at : length / 4 * 4;  // as Go counts: the group that is not whole
    }
    for (int i = 0; i < 2 && length > 0 && text[length - 1] == '='; ++i) --length;
  }
  const std::size_t rest = length % 4;
  const std::size_t start = out.size();
  out.resize(start + length / 4 * 3 + (rest == 0 ? 0 : rest - 1));
  const auto fail = [&](std::size_t at) {
    out.resize(start);
    return at;
  };
  if (rest == 1) return fail(length - 1);
  char* to = out.data() + start;
  std::size_t i = 0;
  const auto* const from = reinterpret_cast<const unsigned char*>(text.data());
  const auto& [first, second, third, fourth] = groups;
  for (; i + 4 <= length; i += 4) {
    const std::uint32_t group = first.data()[from[i]] | second.data()[from[i + 1]] | third.data()[from[i + 2]] |
                                fourth.data()[from[i + 3]];
    if ((group & no_group) != 0) {
      while (value_at(text, i) >= 0) ++i;
      return fail(i);
    }
    to[0] = static_cast<char>(group >> 16);
    to[1] = static_cast<char>(group >> 8);
    to[2] = static_cast<char>(group);
    to += 3;
  }
  if (rest == 0) return std::nullopt;
  int group = 0;
  for (std::size_t k = 0; k < rest; ++k) {
    const int v = value_at(text, i + k);
    if (v < 0) return fail(i + k);
    group = group << 6 | v;
  }
  // Bits that no byte takes must be zero, or two texts would mean the same bytes.
  if ((group & (rest == 2 ? 0xf : 0x3)) != 0) return fail(i + rest - 1);
  if (rest == 2) {
    *to = static_cast<char>(group >> 4);
  } else {
    *to++ = static_cast<char>(group >> 10);
    *to = static_cast<char>(group >> 2);
  }
  return std::nullopt;
}

}  // namespace leafseal::base64
