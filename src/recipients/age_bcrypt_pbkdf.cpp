#include "recipients/age_bcrypt_pbkdf.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "recipients/age.hpp"
#include "recipients/age_blowfish.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t hash_size = 32;
constexpr int cost = 64;
using Digest = SecretArray<64>;
using Output = std::array<std::uint8_t, hash_size>;

void sha512(Bytes first, Bytes second, Digest& out) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  const bool done = context != nullptr && EVP_DigestInit_ex(context, EVP_sha512(), nullptr) == 1 &&
                    EVP_DigestUpdate(context, first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context, second.data(), second.size()) == 1 &&
                    EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
  EVP_MD_CTX_free(context);
  if (!done) throw failure("OpenSSL: SHA-512 failed");
}

Output bcrypt_hash(const Digest& passphrase, const Digest& salt) {
  Blowfish blowfish;
  blowfish.expand(salt, passphrase);
  for (int i = 0; i < cost; ++i) {
    blowfish.expand({}, salt);
    blowfish.expand({}, passphrase);
  }
  // "OxychromaticBlowfishSwatDynamite"
  std::array<std::uint32_t, 8> words = {0x4f787963, 0x68726f6d, 0x61746963, 0x426c6f77,
                                        0x66697368, 0x53776174, 0x44796e61, 0x6d697465};
  for (int i = 0; i < cost; ++i)
    for (std::size_t pair = 0; pair < words.size(); pair += 2) blowfish.encrypt(words[pair], words[pair + 1]);
  Output out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
  wipe(words.data(), sizeof words);
  return out;
}

// One block of PBKDF2: the hashes of all rounds, xored.
Output derive_block(const Digest& passphrase, Bytes salt, std::uint32_t number, std::uint32_t rounds) {
  const std::array<std::uint8_t, 4> counter = {
      static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
      static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
  Digest hashed_salt;
  sha512(salt, counter, hashed_salt);
  Output hash = bcrypt_hash(passphrase, hashed_salt);
  Output out = hash;
  for (std::uint32_t round = 1; round < rounds; ++round) {
    sha512(hash, {}, hashed_salt);
    hash = bcrypt_hash(passphrase, hashed_salt);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= hash[i];
  }
  wipe(hash.data(), hash.size());
  return out;
}

}  // namespace

SecretBytes bcrypt_pbkdf(Bytes passphrase, Bytes salt, std::uint32_t rounds, std::size_t size) {
  Digest hashed_passphrase;
  sha512(passphrase, {}, hashed_passphrase);
  SecretBytes key(size);
  const std::size_t stride = (size + hash_size - 1) / hash_size;
  const std::size_t taken = (size + stride - 1) / stride;  // bytes of each block that are used
  for (std::size_t block = 0; block < stride; ++block) {
    Output out = derive_block(hashed_passphrase, salt, static_cast<std::uint32_t>(block + 1), rounds);
    for (std::size_t i = 0; i < taken && i * stride + block < size; ++i) key.data()[i * stride + block] = out[i];
    wipe(out.data(), out.size());
  }
  return key;
}

}  // namespace leafseal::age
