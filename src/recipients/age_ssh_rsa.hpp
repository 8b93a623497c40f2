// The ssh-rsa stanza: the file key under RSA-OAEP with SHA-256.
#pragma once

#include <openssl/types.h>

#include <memory>

#include "recipients/age.hpp"
#include "recipients/age_ssh_public_key.hpp"

namespace leafseal::age {

std::unique_ptr<PublicKey> make_ssh_rsa_recipient(const SshPublicKey& key);
SecretBytes unwrap_ssh_rsa(const Stanza& stanza, EVP_PKEY* key);  // throws Error{generic}

}  // namespace leafseal::age
