#include "net/client_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

struct Release {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(PKCS12* file) const { PKCS12_free(file); }
  void operator()(STACK_OF(X509) * certificates) const { sk_X509_pop_free(certificates, X509_free); }
  void operator()(OSSL_LIB_CTX* library) const { OSSL_LIB_CTX_free(library); }
  void operator()(OSSL_PROVIDER* provider) const { OSSL_PROVIDER_unload(provider); }
};
template <class Object>
using Owned = std::unique_ptr<Object, Release>;

struct Found {
  Owned<EVP_PKEY> key;
  std::vector<Owned<X509>> certificates;
};

Owned<BIO> bytes(std::string_view text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Never asks: without it OpenSSL would read the terminal.
int give_password(char* out, int size, int, void* data) {
  const auto& password = *static_cast<const std::string*>(data);
  if (password.empty() || password.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(out, password.data(), password.size());
  return static_cast<int>(password.size());
}

Found read_pem(std::string_view file, const std::string& password) {
  Found found;
  auto* data = const_cast<std::string*>(&password);
  found.key.reset(PEM_read_bio_PrivateKey(bytes(file).get(), nullptr, give_password, data));
  const Owned<BIO> bio = bytes(file);
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, give_password, data)) {
    found.certificates.emplace_back(certificate);
  }
  return found;
}

// RC2, in which older programs wrap certificates, is in OpenSSL's legacy provider alone: it is loaded for this file.
struct Library {
  Owned<OSSL_LIB_CTX> context{OSSL_LIB_CTX_new()};
  Owned<OSSL_PROVIDER> modern{OSSL_PROVIDER_load(context.get(), "default")};
  Owned<OSSL_PROVIDER> legacy{OSSL_PROVIDER_load(context.get(), "legacy")};
};

bool read_pkcs12(std::string_view file, const std::string& password, OSSL_LIB_CTX* library, Found& found) {
  PKCS12* filled = PKCS12_init_ex(NID_pkcs7_data, library, nullptr);
  const bool is_one = d2i_PKCS12_bio(bytes(file).get(), &filled) != nullptr;
  const Owned<PKCS12> archive(filled);  // not always freed by a failure
  if (!is_one) return false;
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  STACK_OF(X509)* others = nullptr;
  const bool good = PKCS12_parse(archive.get(), password.c_str(), &key, &own, &others) == 1;
  found.key.reset(key);
  const Owned<STACK_OF(X509)> rest(others);
  if (own != nullptr) found.certificates.emplace_back(own);
  while (others != nullptr && sk_X509_num(others) > 0) found.certificates.emplace_back(sk_X509_shift(others));
  return good;
}

std::string der_of(X509* certificate) {
  unsigned char* data = nullptr;
  const int size = i2d_X509(certificate, &data);
  std::string der(reinterpret_cast<const char*>(data), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(data);
  return der;
}

std::string pem_of(EVP_PKEY* key) {
  const Owned<BIO> bio(BIO_new(BIO_s_secmem()));
  char* data = nullptr;
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) return {};
  const long size = BIO_get_mem_data(bio.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

ClientCertificate parse_client_certificate(std::string_view file, const std::string& password) {
  const bool is_pem = file.find("-----BEGIN ") != std::string_view::npos;
  std::unique_ptr<Library> library;  // outlives what was read with it
  Found found;
  if (is_pem) {
    found = read_pem(file, password);
  } else if (!read_pkcs12(file, password, nullptr, found)) {
    found = {};
    library = std::make_unique<Library>();
    read_pkcs12(file, password, library->context.get(), found);
  }
  ERR_clear_error();
  if (found.certificates.empty() && !found.key) {
    throw Error(ExitCode::generic, is_pem ? "found no certificate" : "didn't find any certificate content",
                {"the file must hold a certificate and its private key, as PEM or PKCS#12, with the right password"});
  }
  if (found.certificates.empty()) throw Error(ExitCode::generic, "found no certificate");
  if (!found.key) {
    throw Error(ExitCode::generic, "found no private key", {"an encrypted one needs the right password"});
  }
  const auto own = std::find_if(found.certificates.begin(), found.certificates.end(), [&](const auto& certificate) {
    return X509_check_private_key(certificate.get(), found.key.get()) == 1;
  });
  ERR_clear_error();
  if (own == found.certificates.end()) {
    throw Error(ExitCode::generic, "the private key belongs to none of the certificates");
  }
  std::rotate(found.certificates.begin(), own, own + 1);
  ClientCertificate result{pem_of(found.key.get()), {}};
  for (const auto& certificate : found.certificates) result.chain.push_back(der_of(certificate.get()));
  return result;
}

}  // namespace leafseal
