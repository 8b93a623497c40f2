#include "recipients/age_curve25519.hpp"

#include <openssl/err.h>

#include "base/random.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {
namespace {

void require(bool done) {
  if (!done) throw failure("OpenSSL: X25519 failed");
}

}  // namespace

X25519Secret::X25519Secret(Bytes scalar)
    : key_(EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr, scalar.data(), scalar.size())) {
  require(key_ != nullptr);
}

X25519Secret X25519Secret::random() {
  Key scalar;
  random_bytes(scalar);
  return X25519Secret(scalar);
}

Point X25519Secret::point() const {
  Point out;
  std::size_t size = out.size();
  require(EVP_PKEY_get_raw_public_key(key_.get(), out.data(), &size) == 1 && size == out.size());
  return out;
}

bool X25519Secret::share(Bytes point, Key& out) const {
  const PKey peer(EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, point.data(), point.size()));
  const PKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  require(peer != nullptr && context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
          EVP_PKEY_derive_set_peer_ex(context.get(), peer.get(), 0) == 1);
  std::size_t size = 32;
  if (EVP_PKEY_derive(context.get(), out.data(), &size) == 1) return true;
  ERR_clear_error();
  return false;
}

}  // namespace leafseal::age
