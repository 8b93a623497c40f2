#include "net/crc32c.hpp"

#include <array>

namespace leafseal {
namespace {

constexpr std::array<std::uint32_t, 256> table = [] {
  std::array<std::uint32_t, 256> out{};
  for (std::uint32_t byte = 0; byte < out.size(); ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ ((rest & 1) != 0 ? 0x82f63b78u : 0);
    out[byte] = rest;
  }
  return out;
}();

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t rest = 0xffffffffu;
  for (const char c : bytes) rest = (rest >> 8) ^ table[(rest ^ static_cast<std::uint8_t>(c)) & 0xff];
  return ~rest;
}

}  // namespace leafseal
