#include "net/jwt.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

#include "leafseal/error.hpp"
#include "net/base64url.hpp"

namespace leafseal {
namespace {

struct Release {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Release>;

// Never asks: without this a key with a passphrase would make OpenSSL read the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Key rsa_key(std::string_view pem) {
  const std::unique_ptr<BIO, Release> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
  ERR_clear_error();
  if (!key) throw Error(ExitCode::generic, "the private key for signing the token is no PEM private key");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    throw Error(ExitCode::generic, "the private key for signing the token is no RSA key");
  }
  return key;
}

bool use_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

std::string signature_of(std::string_view text, EVP_PKEY* key, JwtSignature kind) {
  const std::unique_ptr<EVP_MD_CTX, Release> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* of_key = nullptr;  // the context's own
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  std::string signature;
  bool good = context && EVP_DigestSignInit(context.get(), &of_key, EVP_sha256(), nullptr, key) == 1 &&
              (kind == JwtSignature::rs256 || use_pss(of_key)) &&
              EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1;
  if (good) {
    signature.resize(size);
    good = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                          text.size()) == 1;
  }
  ERR_clear_error();
  if (!good) throw Error(ExitCode::generic, "the token could not be signed with the private key");
  signature.resize(size);
  return signature;
}

}  // namespace

std::string signed_jwt(std::string_view header, std::string_view claims, std::string_view private_key,
                       JwtSignature signature) {
  const Key key = rsa_key(private_key);
  std::string token = base64url::encode(header) + "." + base64url::encode(claims);
  token += "." + base64url::encode(signature_of(token, key.get(), signature));
  return token;
}

}  // namespace leafseal
