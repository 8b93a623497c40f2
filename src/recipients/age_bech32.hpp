// Bech32, the text form of age's recipients and identities: the checksum of BIP 173 (not its successor's), without the
// limit of 90 characters. A text is all lower or all upper case; the last `1` divides its prefix from its data.
#pragma once

#include <optional>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace leafseal::age {

struct Bech32 {
  std::string prefix;  // in the case of the text
  std::string data;    // bytes; perhaps a private key, which its user copies and which is wiped when freed
};

// Nothing if the text is not Bech32; `reason`, when given, then says why without quoting the text, which may be a
// private key.
std::optional<Bech32> decode_bech32(std::string_view text, std::string* reason = nullptr);

// In the case of the prefix.
std::string encode_bech32(std::string_view prefix, std::span<const std::uint8_t> data);

}  // namespace leafseal::age
