#include "leafseal/leaf_cipher.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "base/base64.hpp"
#include "base/random.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t nonce_size = 32;  // 256 bits: J0 comes from GHASH (format.md 2.1, security.md M4)
constexpr std::size_t tag_size = 16;
constexpr std::size_t chunk = 48 * 1024;  // a multiple of 3, so chunks of base64 join without padding
constexpr std::string_view authentication_failed = "Could not decrypt with AES_GCM: cipher: message authentication failed";

struct ContextFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextFree>;

void check(int result) {
  if (result != 1) throw std::runtime_error("OpenSSL refused an AES-GCM operation");
}

Context keyed(const SecretBytes& key, bool encrypt) {
  Context context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  check(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, nullptr, nullptr, encrypt ? 1 : 0));
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, nonce_size, nullptr));
  check(EVP_CipherInit_ex(context.get(), nullptr, nullptr, key.data(), nullptr, -1));
  return context;
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }

void authenticate(EVP_CIPHER_CTX* context, std::string_view associated_data) {
  int length = 0;
  check(EVP_CipherUpdate(context, nullptr, &length, bytes(associated_data), static_cast<int>(associated_data.size())));
}

}  // namespace

struct LeafCipher::State {
  Context encrypt;
  Context decrypt;
  int decrypt_nonce_size = nonce_size;
  // Nonces are drawn in batches: one call of the generator for a leaf costs more than the leaf.
  std::array<std::uint8_t, 512 * nonce_size> nonces;
  std::size_t used = sizeof nonces;
  std::string nonce, tag;  // reused buffers of open()

  std::span<const std::uint8_t> next_nonce() {
    if (used == sizeof nonces) {
      random_bytes(nonces);
      used = 0;
    }
    used += nonce_size;
    return {nonces.data() + used - nonce_size, nonce_size};
  }
};

LeafCipher::LeafCipher(const SecretBytes& data_key) : state_(std::make_unique<State>()) {
  if (data_key.size() != key_size) {
    throw Error(ExitCode::could_not_retrieve_key,
                "the data key has " + std::to_string(data_key.size()) + " bytes, not " + std::to_string(key_size));
  }
  state_->encrypt = keyed(data_key, true);
  state_->decrypt = keyed(data_key, false);
}
LeafCipher::~LeafCipher() = default;
LeafCipher::LeafCipher(LeafCipher&&) noexcept = default;
LeafCipher& LeafCipher::operator=(LeafCipher&&) noexcept = default;

void LeafCipher::seal(std::string_view plaintext, std::string_view associated_data, TokenType type, std::string& out) {
  if (plaintext.empty()) throw std::logic_error("an empty text is never sealed");
  EVP_CIPHER_CTX* context = state_->encrypt.get();
  const auto nonce = state_->next_nonce();
  check(EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), -1));
  authenticate(context, associated_data);

  out.append("ENC[AES256_GCM,data:");
  std::array<std::uint8_t, chunk> buffer;  // ciphertext only
  for (std::size_t at = 0; at < plaintext.size(); at += chunk) {
    const std::string_view piece = plaintext.substr(at, chunk);
    int length = 0;
    check(EVP_CipherUpdate(context, buffer.data(), &length, bytes(piece), static_cast<int>(piece.size())));
    base64::append({buffer.data(), piece.size()}, out);
  }
  int length = 0;
  check(EVP_CipherFinal_ex(context, buffer.data(), &length));
  std::array<std::uint8_t, tag_size> tag;
  check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_size, tag.data()));
  out.append(",iv:");
  base64::append(nonce, out);
  out.append(",tag:");
  base64::append(tag, out);
  out.append(",type:").append(token_type_name(type)).append("]");
}

std::string LeafCipher::seal(std::string_view plaintext, std::string_view associated_data, TokenType type) {
  std::string out;
  out.reserve(token_length(plaintext.size(), type));
  seal(plaintext, associated_data, type, out);
  return out;
}

bool LeafCipher::open(const EncToken& token, std::string_view associated_data, std::string& out, OpenFailure& failure) {
  State& state = *state_;
  const auto decode = [&](std::string_view text, std::string& to, std::string_view what) {
    to.clear();
    if (const auto at = base64::decode(text, to)) {
      failure.reason = "Error base64-decoding " + std::string(what) + ": illegal base64 data at input byte " + std::to_string(*at);
      return false;
    }
    return true;
  };
  if (!decode(token.data, out, "data") || !decode(token.iv, state.nonce, "iv") || !decode(token.tag, state.tag, "tag")) return false;
  if (state.nonce.empty() || state.tag.size() != tag_size) {
    failure.reason = authentication_failed;
    return false;
  }
  EVP_CIPHER_CTX* context = state.decrypt.get();
  const int size = static_cast<int>(state.nonce.size());
  if (size != state.decrypt_nonce_size) {
    check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, size, nullptr));
    state.decrypt_nonce_size = size;
  }
  check(EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, bytes(state.nonce), -1));
  authenticate(context, associated_data);
  for (std::size_t at = 0; at < out.size(); at += chunk) {
    const std::size_t piece = std::min(chunk, out.size() - at);
    int length = 0;
    check(EVP_CipherUpdate(context, bytes(out.data() + at), &length, bytes(out.data() + at), static_cast<int>(piece)));
  }
  check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_size, state.tag.data()));
  int length = 0;
  unsigned char end[16];
  if (EVP_CipherFinal_ex(context, end, &length) == 1) return true;
  wipe(out.data(), out.size());  // unauthenticated plaintext
  out.clear();
  failure.reason = authentication_failed;
  return false;
}

}  // namespace leafseal
