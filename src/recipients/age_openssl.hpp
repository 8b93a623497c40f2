// Owning pointers for OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>

#include <memory>

namespace leafseal::age {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

using PKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using PKeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Release<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, Release<BN_CTX_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;

}  // namespace leafseal::age
