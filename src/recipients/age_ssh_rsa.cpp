#include "recipients/age_ssh_rsa.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <array>

#include "recipients/age_openssl.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view label = "age-encryption.org/v1/ssh-rsa";

bool set_oaep(EVP_PKEY_CTX* context) {
  char digest[] = "SHA256";
  char padding[] = OSSL_PKEY_RSA_PAD_MODE_OAEP;
  std::string label_copy(label);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_PAD_MODE, padding, 0),
      OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST, digest, 0),
      OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_MGF1_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL, label_copy.data(), label_copy.size()),
      OSSL_PARAM_construct_end()};
  return EVP_PKEY_CTX_set_params(context, parameters) == 1;
}

PKey make_public_key(const SshPublicKey& key) {
  const auto number = [](const std::string& bytes) {
    return BigNumber(BN_bin2bn(bytes_of(bytes).data(), static_cast<int>(bytes.size()), nullptr));
  };
  const BigNumber n = number(key.modulus);
  const BigNumber e = number(key.exponent);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  const PKeyContext maker(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  if (!n || !e || !builder || !maker || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    throw failure("OpenSSL: out of memory");
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  EVP_PKEY* made = nullptr;
  if (!parameters || EVP_PKEY_fromdata_init(maker.get()) != 1 ||
      EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    throw failure("the RSA key is not valid");
  return PKey(made);
}

class SshRsaPublicKey : public PublicKey {
 public:
  explicit SshRsaPublicKey(const SshPublicKey& key) : name_(key), key_(make_public_key(key)) {}

  std::vector<Stanza> wrap(Bytes file_key) const override {
    const PKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()));
    Stanza stanza{name_.type, {name_.fingerprint()}, std::string(size, '\0')};
    if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 || !set_oaep(context.get()) ||
        EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(stanza.body.data()), &size, file_key.data(),
                         file_key.size()) != 1)
      throw failure("RSA encryption failed");
    stanza.body.resize(size);
    return {std::move(stanza)};
  }
  std::string_view key_bytes() const override { return name_.wire; }

 private:
  SshPublicKey name_;
  PKey key_;
};

}  // namespace

std::unique_ptr<PublicKey> make_ssh_rsa_recipient(const SshPublicKey& key) {
  return std::make_unique<SshRsaPublicKey>(key);
}

SecretBytes unwrap_ssh_rsa(const Stanza& stanza, EVP_PKEY* key) {
  const PKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  SecretBytes file_key(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = file_key.size();
  const bool done = context && EVP_PKEY_decrypt_init(context.get()) == 1 && set_oaep(context.get()) &&
                    EVP_PKEY_decrypt(context.get(), file_key.data(), &size, bytes_of(stanza.body).data(),
                                     stanza.body.size()) == 1;
  ERR_clear_error();
  if (!done) throw failure("failed to decrypt file key: decryption error");
  file_key.shrink(size);
  return file_key;
}

}  // namespace leafseal::age
