#include "recipients/age_ssh_ed25519.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "recipients/age_curve25519.hpp"
#include "recipients/age_edwards.hpp"
#include "recipients/age_stanza.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view label = "age-encryption.org/v1/ssh-ed25519";

// What sender and receiver share, from X25519(secret, point), the key's tweak and both public points.
void wrapping_key(const X25519Secret& secret, Bytes point, const SshPublicKey& key, Bytes ephemeral, Bytes recipient,
                  Key& out) {
  Key shared;
  if (!secret.share(point, shared)) throw failure("invalid X25519 recipient: low order point");
  Key tweak;
  hkdf_sha256({}, bytes_of(key.wire), label, tweak);
  Key tweaked;
  if (!X25519Secret(tweak).share(shared, tweaked)) throw failure("invalid X25519 recipient: low order point");
  std::array<std::uint8_t, 64> salt;
  std::copy(recipient.begin(), recipient.end(), std::copy(ephemeral.begin(), ephemeral.end(), salt.begin()));
  hkdf_sha256(tweaked, salt, label, out);
}

class SshEd25519PublicKey : public PublicKey {
 public:
  SshEd25519PublicKey(SshPublicKey key, const Point& point) : key_(std::move(key)), point_(point) {}

  std::vector<Stanza> wrap(Bytes file_key) const override {
    const X25519Secret secret = X25519Secret::random();
    const Point ephemeral = secret.point();
    Key key;
    wrapping_key(secret, point_, key_, ephemeral, point_, key);
    Stanza stanza{key_.type, {key_.fingerprint(), base64::encode(text_of(ephemeral), base64::Padding::forbidden)}, {}};
    chacha_seal(key, Nonce{}, file_key, stanza.body);
    return {std::move(stanza)};
  }
  std::string_view key_bytes() const override { return key_.wire; }

 private:
  SshPublicKey key_;
  Point point_;
};

}  // namespace

std::unique_ptr<PublicKey> make_ssh_ed25519_recipient(const SshPublicKey& key) {
  const auto point = edwards_to_montgomery(key.ed25519);
  if (!point) throw failure("invalid Ed25519 public key");
  return std::make_unique<SshEd25519PublicKey>(key, *point);
}

SecretBytes ed25519_to_x25519_secret(const SecretBytes& seed) {
  SecretBytes hash(64);
  if (EVP_Digest(seed.data(), seed.size(), hash.data(), nullptr, EVP_sha512(), nullptr) != 1)
    throw failure("OpenSSL: SHA-512 failed");
  hash.shrink(32);
  return hash;
}

SecretBytes unwrap_ssh_ed25519(const Stanza& stanza, const SshPublicKey& key, const SecretBytes& scalar) {
  const auto ephemeral = decode_argument(stanza.arguments[1]);
  if (!ephemeral) throw failure("failed to parse ssh-ed25519 recipient");
  if (ephemeral->size() != sizeof(Point) || stanza.body.size() != file_key_size + tag_size)
    throw failure("invalid ssh-ed25519 recipient block");
  const X25519Secret secret(scalar.bytes());
  Key wrapping;
  wrapping_key(secret, bytes_of(*ephemeral), key, bytes_of(*ephemeral), secret.point(), wrapping);
  SecretBytes file_key(file_key_size);
  if (!chacha_open(wrapping, Nonce{}, bytes_of(stanza.body), file_key.bytes()))
    throw failure("failed to decrypt file key: message authentication failed");
  return file_key;
}

}  // namespace leafseal::age
