#include "recipients/age_primitives.hpp"

#include <openssl/core_names.h>

#include <algorithm>

#include "recipients/age.hpp"
#include "recipients/age_openssl.hpp"

namespace leafseal::age {
namespace {

void require(bool done, const char* what) {
  if (!done) throw failure(std::string("OpenSSL: ") + what + " failed");
}

const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(method != nullptr, "SHA-256");
  return method;
}

EVP_MAC_CTX* hmac_template() {
  static EVP_MAC_CTX* const context = [] {
    const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    EVP_MAC_CTX* made = mac ? EVP_MAC_CTX_new(mac.get()) : nullptr;
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    return made && EVP_MAC_CTX_set_params(made, parameters) == 1 ? made : nullptr;
  }();
  require(context != nullptr, "HMAC");
  return context;
}

const EVP_CIPHER* chacha_method() {
  static const EVP_CIPHER* const method = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  require(method != nullptr, "ChaCha20-Poly1305");
  return method;
}

int as_int(std::size_t size) {
  require(size <= std::size_t{1} << 30, "a size check");
  return static_cast<int>(size);
}

}  // namespace

Hash sha256(Bytes data) {
  Hash out;
  require(EVP_Digest(data.data(), data.size(), out.data(), nullptr, sha256_method(), nullptr) == 1, "SHA-256");
  return out;
}

Hash hmac_sha256(Bytes key, std::initializer_list<Bytes> parts) {
  constexpr std::array<std::uint8_t, 32> zeros{};  // equals the empty key, which OpenSSL reads as "no new key"
  if (key.empty()) key = zeros;
  const MacContext context(EVP_MAC_CTX_dup(hmac_template()));
  require(context != nullptr && EVP_MAC_init(context.get(), key.data(), key.size(), nullptr) == 1, "HMAC");
  for (const Bytes part : parts) require(EVP_MAC_update(context.get(), part.data(), part.size()) == 1, "HMAC");
  Hash out;
  std::size_t size = 0;
  require(EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1 && size == out.size(), "HMAC");
  return out;
}

// RFC 5869; one block is all that age ever expands.
void hkdf_sha256(Bytes secret, Bytes salt, std::string_view info, std::span<std::uint8_t, 32> out) {
  Hash extracted = hmac_sha256(salt, {secret});
  const std::uint8_t counter = 1;
  Hash expanded = hmac_sha256(extracted, {bytes_of(info), Bytes(&counter, 1)});
  std::copy(expanded.begin(), expanded.end(), out.begin());
  wipe(extracted.data(), extracted.size());
  wipe(expanded.data(), expanded.size());
}

void chacha_seal(Bytes key, const Nonce& nonce, Bytes plaintext, std::string& out) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  require(context != nullptr && EVP_EncryptInit_ex2(context.get(), chacha_method(), key.data(), nonce.data(), nullptr),
          "ChaCha20-Poly1305");
  const std::size_t begin = out.size();
  out.resize(begin + plaintext.size() + tag_size);
  auto* const to = reinterpret_cast<std::uint8_t*>(out.data()) + begin;
  int written = 0;
  require(EVP_EncryptUpdate(context.get(), to, &written, plaintext.data(), as_int(plaintext.size())) == 1 &&
              EVP_EncryptFinal_ex(context.get(), to + written, &written) == 1 &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, to + plaintext.size()) == 1,
          "ChaCha20-Poly1305");
}

bool chacha_open(Bytes key, const Nonce& nonce, Bytes sealed, std::span<std::uint8_t> out) {
  if (sealed.size() < tag_size || out.size() != sealed.size() - tag_size) return false;
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::array<std::uint8_t, tag_size> tag;
  std::copy(sealed.end() - tag_size, sealed.end(), tag.begin());
  require(context != nullptr &&
              EVP_DecryptInit_ex2(context.get(), chacha_method(), key.data(), nonce.data(), nullptr) == 1 &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()),
          "ChaCha20-Poly1305");
  std::uint8_t nothing = 0;  // OpenSSL wants a place to write to even for no output
  std::uint8_t* const to = out.empty() ? &nothing : out.data();
  int written = 0;
  if (EVP_DecryptUpdate(context.get(), to, &written, sealed.data(), as_int(out.size())) == 1 &&
      EVP_DecryptFinal_ex(context.get(), to + written, &written) == 1)
    return true;
  wipe(out.data(), out.size());
  return false;
}

}  // namespace leafseal::age
