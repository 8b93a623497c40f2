#include "recipients/age_openssh_envelope.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/base64.hpp"
#include "recipients/age.hpp"
#include "recipients/age_bcrypt_pbkdf.hpp"
#include "recipients/age_openssl.hpp"
#include "recipients/age_ssh_public_key.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view begin_line = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view end_line = "-----END OPENSSH PRIVATE KEY-----";
constexpr std::string_view magic("openssh-key-v1\0", 15);
constexpr std::uint32_t most_rounds = 1 << 16;  // minutes; a file that asks for more is not a key
constexpr std::size_t block_size = 16;

struct Cipher {
  std::string_view name;
  const EVP_CIPHER* (*method)();
  std::size_t key_size;
  std::size_t iv_size;
  std::size_t tag_size;
};
constexpr std::array<Cipher, 8> ciphers = {{
    {"aes256-ctr", EVP_aes_256_ctr, 32, 16, 0},
    {"aes256-cbc", EVP_aes_256_cbc, 32, 16, 0},
    {"aes256-gcm@openssh.com", EVP_aes_256_gcm, 32, 12, 16},
    {"aes192-ctr", EVP_aes_192_ctr, 24, 16, 0},
    {"aes192-cbc", EVP_aes_192_cbc, 24, 16, 0},
    {"aes128-ctr", EVP_aes_128_ctr, 16, 16, 0},
    {"aes128-cbc", EVP_aes_128_cbc, 16, 16, 0},
    {"aes128-gcm@openssh.com", EVP_aes_128_gcm, 16, 12, 16},
}};

const Cipher& cipher_of(std::string_view name) {
  const auto found = std::find_if(ciphers.begin(), ciphers.end(), [&](const Cipher& c) { return c.name == name; });
  if (found == ciphers.end()) throw failure("ssh: the cipher \"" + quoted(name) + "\" of the key is not supported");
  return *found;
}

SecretBytes decoded_body(std::string_view pem) {
  const std::size_t begin = pem.find(begin_line);
  const std::size_t end = begin == std::string_view::npos ? begin : pem.find(end_line, begin);
  if (end == std::string_view::npos) throw failure("ssh: no key found");
  std::string text;
  for (const char c : pem.substr(begin + begin_line.size(), end - begin - begin_line.size()))
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') text.push_back(c);
  std::string bytes;
  const bool wrong = base64::decode(text, bytes).has_value();
  SecretBytes out = SecretBytes::copy_of(bytes);
  wipe(text.data(), text.size());
  wipe(bytes.data(), bytes.size());
  if (wrong) throw failure("ssh: no key found");
  return out;
}

}  // namespace

OpensshEnvelope::OpensshEnvelope(std::string_view pem) : data_(decoded_body(pem)) {
  if (!data_.view().starts_with(magic)) throw failure("ssh: invalid openssh private key format");
  SshReader reader(data_.view().substr(magic.size()));
  cipher_ = reader.string();
  kdf_ = reader.string();
  kdf_options_ = reader.string();
  if (reader.number() != 1) throw failure("ssh: multi-key files are not supported");
  public_key_ = reader.string();
  private_part_ = reader.string();
  tag_ = reader.rest();
}

SecretBytes OpensshEnvelope::open(std::string_view passphrase) const {
  if (!is_encrypted()) return SecretBytes::copy_of(private_part_);
  const Cipher& cipher = cipher_of(cipher_);
  if (kdf_ != "bcrypt") throw failure("ssh: the key derivation \"" + quoted(kdf_) + "\" of the key is not supported");
  SshReader options(kdf_options_);
  const std::string_view salt = options.string();
  const std::uint32_t rounds = options.number();
  if (rounds == 0 || rounds > most_rounds || salt.empty())
    throw failure("ssh: the key derivation's numbers are out of range");
  if (passphrase.empty()) throw failure("ssh: the passphrase is empty");
  if (private_part_.size() % block_size != 0 || tag_.size() != cipher.tag_size)
    throw failure("ssh: the private part has a wrong length");

  const SecretBytes material =
      bcrypt_pbkdf(bytes_of(passphrase), bytes_of(salt), rounds, cipher.key_size + cipher.iv_size);
  const CipherContext context(EVP_CIPHER_CTX_new());
  SecretBytes out(private_part_.size());
  std::string tag(tag_);
  int written = 0;
  int final_written = 0;
  const bool done =
      context &&
      EVP_DecryptInit_ex(context.get(), cipher.method(), nullptr, material.data(),
                         material.data() + cipher.key_size) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      (tag.empty() ||
       EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()) == 1) &&
      EVP_DecryptUpdate(context.get(), out.data(), &written, bytes_of(private_part_).data(),
                        static_cast<int>(private_part_.size())) == 1 &&
      EVP_DecryptFinal_ex(context.get(), out.data() + written, &final_written) == 1;
  if (!done) throw failure("ssh: the passphrase is wrong or the key is damaged");
  return out;
}

}  // namespace leafseal::age
