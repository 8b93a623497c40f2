// ssh private key files: OpenSSH's own format, in which the public key stands in clear beside the encrypted private
// one, and PEM (PKCS #1 and #8), which OpenSSL reads.
//
//   -----BEGIN OPENSSH PRIVATE KEY-----
//   base64 of: "openssh-key-v1\0", cipher, kdf, kdf options, 1, public key, private keys, tag of an AEAD cipher
//   -----END OPENSSH PRIVATE KEY-----
#pragma once

#include <optional>
#include <string_view>

#include "recipients/age.hpp"
#include "recipients/age_openssl.hpp"
#include "recipients/age_ssh_public_key.hpp"

namespace leafseal::age {

struct SshPrivateKey {
  SshPublicKey public_key;
  SecretBytes ed25519_seed;
  PKey rsa;
};

// A key file that was looked into as far as that goes without its passphrase.
struct SshKeyFile {
  SecretBytes text;
  bool is_openssh = false;
  bool is_encrypted = false;
  std::optional<SshPublicKey> public_key;  // none when it is PEM
};

// Throw Error{generic}.
SshKeyFile inspect_ssh_key(SecretBytes text);
SshPrivateKey read_ssh_key(const SshKeyFile& file, std::string_view passphrase);

}  // namespace leafseal::age
