// CRC-32 as services want it beside what is sent to them, so that they notice a byte that changed on the way. No
// protection against anybody: TLS and signatures are that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leafseal {

inline constexpr std::uint32_t crc32_ieee = 0xedb88320U;        // S3's x-amz-checksum-crc32 (RFC 1952)
inline constexpr std::uint32_t crc32_castagnoli = 0x82f63b78U;  // Google's crc32c (RFC 3720, B.4)

std::uint32_t crc32(std::string_view bytes, std::uint32_t polynomial);  // `polynomial`: one of the above

// The four bytes of the sum, most significant first, in base64: as both services of storage write it.
std::string crc32_base64(std::string_view bytes, std::uint32_t polynomial);

}  // namespace leafseal
