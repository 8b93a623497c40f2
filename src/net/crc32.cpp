#include "net/crc32.hpp"

#include <array>

#include "base/base64.hpp"

namespace leafseal {
namespace {

std::array<std::uint32_t, 256> table_of(std::uint32_t polynomial) {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? polynomial : 0U);
    table[byte] = value;
  }
  return table;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t polynomial) {
  const std::array<std::uint32_t, 256> table = table_of(polynomial);
  std::uint32_t sum = 0xffffffffU;
  for (const char c : bytes) sum = table[(sum ^ static_cast<unsigned char>(c)) & 0xffU] ^ (sum >> 8);
  return ~sum;
}

std::string crc32_base64(std::string_view bytes, std::uint32_t polynomial) {
  const std::uint32_t sum = crc32(bytes, polynomial);
  std::string four;
  for (int shift = 24; shift >= 0; shift -= 8) four += static_cast<char>((sum >> shift) & 0xffU);
  return base64::encode(four);
}

}  // namespace leafseal
