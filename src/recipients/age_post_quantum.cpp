#include "recipients/age_post_quantum.hpp"

#include <algorithm>

#include "recipients/age_bech32.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view stanza_type = "mlkem768x25519";
constexpr std::size_t public_key_size = 1216;
constexpr std::size_t seed_size = 32;

Error unsupported() {
  return failure("post-quantum age keys (mlkem768x25519) are not supported by this build");
}

class UnservedPublicKey : public PublicKey {
 public:
  std::vector<Stanza> wrap(std::span<const std::uint8_t>) const override { throw unsupported(); }
};

class UnservedIdentity : public Identity {
 public:
  bool is_native() const override { return true; }
  std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) override {
    if (std::any_of(stanzas.begin(), stanzas.end(), [](const Stanza& stanza) { return stanza.type == stanza_type; }))
      throw unsupported();
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<PublicKey> parse_post_quantum_recipient(std::string_view text) {
  std::string why;
  const auto decoded = decode_bech32(text, &why);
  if (!decoded) throw failure("malformed recipient \"" + quoted(text, 40) + "\": " + why);
  if (decoded->prefix != "age1pq" || decoded->data.size() != public_key_size)
    throw failure("malformed recipient \"" + quoted(text, 40) + "\": invalid hybrid public key");
  return std::make_unique<UnservedPublicKey>();
}

std::unique_ptr<Identity> parse_post_quantum_identity(std::string_view text) {
  std::string why;
  const auto decoded = decode_bech32(text, &why);
  if (!decoded) throw failure("malformed secret key: " + why);
  if (decoded->prefix != "AGE-SECRET-KEY-PQ-" || decoded->data.size() != seed_size)
    throw failure("malformed secret key: unknown type");
  return std::make_unique<UnservedIdentity>();
}

}  // namespace leafseal::age
