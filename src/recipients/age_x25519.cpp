#include "recipients/age_x25519.hpp"

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/random.hpp"
#include "recipients/age_bech32.hpp"
#include "recipients/age_curve25519.hpp"
#include "recipients/age_stanza.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view stanza_type = "X25519";
constexpr std::string_view identity_prefix = "AGE-SECRET-KEY-";
constexpr std::string_view label = "age-encryption.org/v1/X25519";
constexpr Nonce zero_nonce{};  // a wrapping key is used once

void wrapping_key(Bytes shared, Bytes ephemeral, Bytes recipient, Key& out) {
  std::array<std::uint8_t, 64> salt;
  std::copy(recipient.begin(), recipient.end(), std::copy(ephemeral.begin(), ephemeral.end(), salt.begin()));
  hkdf_sha256(shared, salt, label, out);
}

class X25519PublicKey : public PublicKey {
 public:
  explicit X25519PublicKey(Bytes point) { std::copy(point.begin(), point.end(), point_.begin()); }

  std::vector<Stanza> wrap(Bytes file_key) const override {
    const X25519Secret secret = X25519Secret::random();
    const Point ephemeral = secret.point();
    Key shared;
    if (!secret.share(point_, shared)) throw failure("the recipient is a point of low order");
    Key key;
    wrapping_key(shared, ephemeral, point_, key);
    Stanza stanza{std::string(stanza_type), {base64::encode(text_of(ephemeral), base64::Padding::forbidden)}, {}};
    chacha_seal(key, zero_nonce, file_key, stanza.body);
    return {std::move(stanza)};
  }
  std::string_view key_bytes() const override { return text_of(point_); }

 private:
  Point point_;
};

class X25519Identity : public Identity {
 public:
  explicit X25519Identity(SecretBytes scalar)
      : scalar_(std::move(scalar)), point_(X25519Secret(scalar_.bytes()).point()) {}

  bool is_native() const override { return true; }
  std::string_view open_key_bytes() const override { return text_of(point_); }

  std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) override {
    for (const Stanza& stanza : stanzas) {
      if (stanza.type != stanza_type) continue;
      SecretBytes file_key(file_key_size);
      if (open(stanza, file_key)) return file_key;
    }
    return std::nullopt;
  }

 private:
  bool open(const Stanza& stanza, SecretBytes& file_key) const {
    if (stanza.arguments.size() != 1) throw failure("invalid X25519 recipient block");
    const auto ephemeral = decode_argument(stanza.arguments[0]);
    if (!ephemeral || ephemeral->size() != sizeof(Point)) throw failure("failed to parse X25519 recipient");
    if (stanza.body.size() != file_key_size + tag_size)
      throw failure("invalid X25519 recipient block: incorrect file key size");
    Key shared;
    if (!X25519Secret(scalar_.bytes()).share(bytes_of(*ephemeral), shared))
      throw failure("invalid X25519 recipient: low order point");
    Key key;
    wrapping_key(shared, bytes_of(*ephemeral), point_, key);
    return chacha_open(key, zero_nonce, bytes_of(stanza.body), file_key.bytes());
  }

  SecretBytes scalar_;
  Point point_;
};

SecretBytes scalar_of(std::string_view identity) {
  std::string why;
  const auto decoded = decode_bech32(identity, &why);
  if (!decoded) throw failure("malformed secret key: " + why);
  if (decoded->prefix != identity_prefix) throw failure("malformed secret key: unknown type");
  if (decoded->data.size() != sizeof(Point)) throw failure("malformed secret key: invalid X25519 secret key");
  return SecretBytes::copy_of(decoded->data);
}

}  // namespace

std::unique_ptr<PublicKey> parse_x25519_recipient(std::string_view text) {
  const auto malformed = [&](const std::string& why) {
    return failure("malformed recipient \"" + quoted(text) + "\": " + why);
  };
  std::string why;
  const auto decoded = decode_bech32(text, &why);
  if (!decoded) throw malformed(why);
  if (decoded->prefix != "age") throw malformed("invalid type \"" + quoted(decoded->prefix) + "\"");
  if (decoded->data.size() != sizeof(Point)) throw malformed("invalid X25519 public key");
  return std::make_unique<X25519PublicKey>(bytes_of(decoded->data));
}

std::unique_ptr<Identity> parse_x25519_identity(std::string_view text) {
  return std::make_unique<X25519Identity>(scalar_of(text));
}

std::string x25519_recipient(std::string_view identity) {
  return encode_bech32("age", X25519Secret(scalar_of(identity).bytes()).point());
}

SecretBytes make_x25519_identity() {
  const SecretBytes scalar = random_secret(sizeof(Point));
  return SecretBytes::copy_of(encode_bech32(identity_prefix, scalar.bytes()));
}

}  // namespace leafseal::age
