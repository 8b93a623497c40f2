// The primitives of the age format, over OpenSSL: HKDF and HMAC with SHA-256, ChaCha20-Poly1305. Algorithms are
// fetched once, because a fetch costs more than a use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "leafseal/secret.hpp"

namespace leafseal::age {

using Bytes = std::span<const std::uint8_t>;
inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// A short-lived secret of fixed size on the stack, wiped at the end of its scope.
template <std::size_t N>
class SecretArray {
 public:
  SecretArray() = default;
  SecretArray(const SecretArray&) = delete;
  SecretArray& operator=(const SecretArray&) = delete;
  ~SecretArray() { wipe(bytes_.data(), N); }
  std::uint8_t* data() { return bytes_.data(); }
  operator Bytes() const { return bytes_; }
  operator std::span<std::uint8_t>() { return bytes_; }

 private:
  std::array<std::uint8_t, N> bytes_{};
};
using Key = SecretArray<32>;
using Hash = std::array<std::uint8_t, 32>;

Hash sha256(Bytes data);
Hash hmac_sha256(Bytes key, std::initializer_list<Bytes> parts);
void hkdf_sha256(Bytes secret, Bytes salt, std::string_view info, std::span<std::uint8_t, 32> out);
inline void hkdf_sha256(Bytes secret, Bytes salt, std::string_view info, Key& out) {
  hkdf_sha256(secret, salt, info, std::span<std::uint8_t, 32>(out.data(), 32));
}

inline constexpr std::size_t tag_size = 16;
using Nonce = std::array<std::uint8_t, 12>;
// Appends ciphertext and tag.
void chacha_seal(Bytes key, const Nonce& nonce, Bytes plaintext, std::string& out);
// `out` is tag_size shorter than `sealed`. False, and `out` zeroed, if the tag does not fit.
bool chacha_open(Bytes key, const Nonce& nonce, Bytes sealed, std::span<std::uint8_t> out);

using Point = std::array<std::uint8_t, 32>;  // of Curve25519, in either of its forms

}  // namespace leafseal::age
