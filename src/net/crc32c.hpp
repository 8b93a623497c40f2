// CRC-32C, Castagnoli's (RFC 3720 12.1): the checksum by which Google's services let both sides notice what was damaged
// on the way.
#pragma once

#include <cstdint>
#include <string_view>

namespace leafseal {

std::uint32_t crc32c(std::string_view bytes);

}  // namespace leafseal
