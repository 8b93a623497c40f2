#include "recipients/age_ssh_private_key.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/base64.hpp"
#include "recipients/age_openssh_envelope.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view openssh_begin = "-----BEGIN OPENSSH PRIVATE KEY-----";

BigNumber big_number(std::string_view big_endian) {
  BigNumber number(BN_bin2bn(reinterpret_cast<const unsigned char*>(big_endian.data()),
                             static_cast<int>(std::min<std::size_t>(big_endian.size(), 1 << 16)), nullptr));
  if (!number) throw failure("OpenSSL: out of memory");
  return number;
}

struct RsaNumbers {
  std::string_view modulus, exponent, secret, coefficient, p, q;
};

// The file holds no exponents modulo the primes; OpenSSL wants them.
PKey make_rsa_private_key(const RsaNumbers& numbers) {
  const BigNumberContext context(BN_CTX_secure_new());
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  const BigNumber n = big_number(numbers.modulus), e = big_number(numbers.exponent), d = big_number(numbers.secret),
                  p = big_number(numbers.p), q = big_number(numbers.q), iqmp = big_number(numbers.coefficient),
                  dp = big_number({}), dq = big_number({}), less = big_number({}), product = big_number({});
  bool done = context && builder && BN_sub(less.get(), p.get(), BN_value_one()) == 1 && !BN_is_zero(less.get()) &&
              BN_mod(dp.get(), d.get(), less.get(), context.get()) == 1 &&
              BN_sub(less.get(), q.get(), BN_value_one()) == 1 && !BN_is_zero(less.get()) &&
              BN_mod(dq.get(), d.get(), less.get(), context.get()) == 1 &&
              BN_mul(product.get(), p.get(), q.get(), context.get()) == 1 && BN_cmp(product.get(), n.get()) == 0;
  if (!done) throw failure("ssh: the numbers of the RSA key do not fit together");
  const std::pair<const char*, const BIGNUM*> parts[] = {
      {OSSL_PKEY_PARAM_RSA_N, n.get()},          {OSSL_PKEY_PARAM_RSA_E, e.get()},
      {OSSL_PKEY_PARAM_RSA_D, d.get()},          {OSSL_PKEY_PARAM_RSA_FACTOR1, p.get()},
      {OSSL_PKEY_PARAM_RSA_FACTOR2, q.get()},    {OSSL_PKEY_PARAM_RSA_EXPONENT1, dp.get()},
      {OSSL_PKEY_PARAM_RSA_EXPONENT2, dq.get()}, {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, iqmp.get()}};
  for (const auto& [name, number] : parts) done = done && OSSL_PARAM_BLD_push_BN(builder.get(), name, number) == 1;
  const Parameters parameters(done ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
  const PKeyContext maker(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !maker || EVP_PKEY_fromdata_init(maker.get()) != 1 ||
      EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) != 1)
    throw failure("ssh: the RSA key is not valid");
  return PKey(key);
}

SshPrivateKey parse_private_part(std::string_view part) {
  SshReader reader(part);
  const std::uint32_t check = reader.number();
  if (check != reader.number()) throw failure("ssh: the passphrase is wrong or the key is damaged");
  const std::string_view type = reader.string();
  SshPrivateKey key;
  if (type == ssh_ed25519_type) {
    key.public_key = make_ed25519_key(bytes_of(reader.string()));
    const std::string_view secret = reader.string();
    if (secret.size() != 64 || secret.substr(32) != text_of(key.public_key.ed25519))
      throw failure("ssh: the private key does not fit its public key");
    key.ed25519_seed = SecretBytes::copy_of(secret.substr(0, 32));
  } else if (type == ssh_rsa_type) {
    RsaNumbers numbers;
    for (std::string_view* number : {&numbers.modulus, &numbers.exponent, &numbers.secret, &numbers.coefficient,
                                     &numbers.p, &numbers.q})
      *number = reader.positive();
    key.public_key = make_rsa_key(numbers.modulus, numbers.exponent);
    key.rsa = make_rsa_private_key(numbers);
  } else {
    throw failure("unsupported SSH identity type: " + quoted(type));
  }
  reader.string();  // the comment
  const std::string_view padding = reader.rest();
  for (std::size_t i = 0; i < padding.size(); ++i)
    if (static_cast<std::uint8_t>(padding[i]) != ((i + 1) & 255)) throw failure("ssh: the padding of the key is wrong");
  return key;
}

// OpenSSL would ask on the terminal by itself if there were no callback.
int give_passphrase(char* buffer, int size, int, void* passphrase) {
  const auto& text = *static_cast<const std::string_view*>(passphrase);
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

std::string number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) throw failure("ssh: the RSA key is not valid");
  const BigNumber owned(number);
  std::string out(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

SshPrivateKey read_pem_key(std::string_view text, std::string_view passphrase) {
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  PKey parsed(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, &passphrase));
  ERR_clear_error();
  if (!parsed)
    throw failure(passphrase.empty() ? "ssh: no key found" : "ssh: the passphrase is wrong or the key is damaged");
  SshPrivateKey key;
  if (EVP_PKEY_is_a(parsed.get(), "ED25519") == 1) {
    Point point;
    std::size_t size = point.size();
    key.ed25519_seed = SecretBytes(32);
    std::size_t seed_size = 32;
    if (EVP_PKEY_get_raw_public_key(parsed.get(), point.data(), &size) != 1 ||
        EVP_PKEY_get_raw_private_key(parsed.get(), key.ed25519_seed.data(), &seed_size) != 1)
      throw failure("ssh: the Ed25519 key is not valid");
    key.public_key = make_ed25519_key(point);
  } else if (EVP_PKEY_is_a(parsed.get(), "RSA") == 1) {
    key.public_key = make_rsa_key(number_of(parsed.get(), OSSL_PKEY_PARAM_RSA_N),
                                  number_of(parsed.get(), OSSL_PKEY_PARAM_RSA_E));
    key.rsa = std::move(parsed);
  } else {
    throw failure("unsupported SSH identity type");
  }
  return key;
}

bool is_encrypted_pem(std::string_view text) {
  return text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") != std::string_view::npos ||
         text.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos;
}

}  // namespace

SshKeyFile inspect_ssh_key(SecretBytes text) {
  SshKeyFile file;
  file.is_openssh = text.view().find(openssh_begin) != std::string_view::npos;
  if (file.is_openssh) {
    const OpensshEnvelope envelope(text.view());
    file.is_encrypted = envelope.is_encrypted();
    file.public_key = parse_ssh_wire(envelope.public_key());
  } else if (text.view().find("-----BEGIN ") == std::string_view::npos) {
    throw failure("ssh: no key found");
  } else {
    file.is_encrypted = is_encrypted_pem(text.view());
  }
  file.text = std::move(text);
  return file;
}

SshPrivateKey read_ssh_key(const SshKeyFile& file, std::string_view passphrase) {
  if (!file.is_openssh) return read_pem_key(file.text.view(), passphrase);
  const OpensshEnvelope envelope(file.text.view());
  const SecretBytes part = envelope.open(passphrase);
  SshPrivateKey key = parse_private_part(part.view());
  if (key.public_key.wire != file.public_key->wire) throw failure("mismatched private and public SSH key");
  return key;
}

}  // namespace leafseal::age
