// The messages of the key service protocol (spec: recipients.md 10), between recipients as the metadata has them and the
// bytes of a gRPC message. They hold data keys: the strings live in heap blocks that are wiped when freed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "leafseal/recipient.hpp"

namespace leafseal {

inline constexpr std::string_view encrypt_method = "/KeyService/Encrypt";
inline constexpr std::string_view decrypt_method = "/KeyService/Decrypt";

// EncryptRequest with the data key, or DecryptRequest with the wrapped one: they differ in name alone.
std::string key_request(const RecipientEntry& entry, std::string_view payload);

struct KeyRequest {
  std::optional<RecipientEntry> entry;  // nothing: the message names no key, or one of a kind that is not known
  bool unknown_kind = false;
  std::string_view payload;  // points into the message
};
// Nothing where the bytes are no such message.
std::optional<KeyRequest> parse_key_request(std::string_view message);

// EncryptResponse or DecryptResponse.
std::string key_response(std::string_view payload);
std::optional<std::string_view> parse_key_response(std::string_view message);

}  // namespace leafseal
