// The ssh-ed25519 stanza: X25519 with the key's point carried over to the Montgomery curve, and a tweak made of the ssh
// key, so that a signing key and an encryption key never are the same.
#pragma once

#include <memory>

#include "recipients/age.hpp"
#include "recipients/age_ssh_public_key.hpp"

namespace leafseal::age {

std::unique_ptr<PublicKey> make_ssh_ed25519_recipient(const SshPublicKey& key);

SecretBytes ed25519_to_x25519_secret(const SecretBytes& seed);
// `scalar` as above. Throws Error{generic}.
SecretBytes unwrap_ssh_ed25519(const Stanza& stanza, const SshPublicKey& key, const SecretBytes& scalar);

}  // namespace leafseal::age
