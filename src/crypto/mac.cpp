#include "leafseal/mac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <new>
#include <stdexcept>

namespace leafseal {
namespace {

// SHA-256("sops"): what the reference hashes first under mac_only_encrypted, so that switching the option in a file
// changes the digest.
constexpr unsigned char only_encrypted_prefix[] = {
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b,
    0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69};

}  // namespace

struct Mac::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::string pending;  // small values are joined: a call of the digest for each leaf costs more than the hashing
  ~State() { EVP_MD_CTX_free(context); }
  void flush() {
    if (EVP_DigestUpdate(context, pending.data(), pending.size()) != 1) throw std::runtime_error("SHA-512 failed");
    pending.clear();
  }
};

Mac::Mac(bool only_encrypted) : state_(std::make_unique<State>()) {
  if (state_->context == nullptr) throw std::bad_alloc();
  if (EVP_DigestInit_ex(state_->context, EVP_sha512(), nullptr) != 1) throw std::runtime_error("SHA-512 is not available");
  if (only_encrypted) EVP_DigestUpdate(state_->context, only_encrypted_prefix, sizeof only_encrypted_prefix);
}
Mac::~Mac() = default;
Mac::Mac(Mac&&) noexcept = default;
Mac& Mac::operator=(Mac&&) noexcept = default;

void Mac::add(std::string_view text) {
  constexpr std::size_t batch = 4096;
  if (text.size() < batch) {
    state_->pending.append(text);
    if (state_->pending.size() >= batch) state_->flush();
    return;
  }
  state_->flush();
  if (EVP_DigestUpdate(state_->context, text.data(), text.size()) != 1) throw std::runtime_error("SHA-512 failed");
}

std::string Mac::digest() {
  static constexpr char hex[] = "0123456789ABCDEF";
  state_->flush();
  std::array<unsigned char, 64> sum;
  if (EVP_DigestFinal_ex(state_->context, sum.data(), nullptr) != 1) throw std::runtime_error("SHA-512 failed");
  std::string out;
  for (const unsigned char byte : sum) {
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
  return out;
}

bool same_digest(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace leafseal
