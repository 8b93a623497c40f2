// ssh keys as age keys: ssh-ed25519, whose point is mapped to X25519, and ssh-rsa with OAEP (spec: recipients.md 3.4).
// A stanza names its key by four bytes of the public key's hash, so a private key under a passphrase is asked for only
// when a stanza is for it.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "recipients/age.hpp"
#include "recipients/age_ssh_private_key.hpp"

namespace leafseal::age {

// A line as in authorized_keys, comment included. Throws Error{generic} "malformed SSH recipient: ...".
std::unique_ptr<PublicKey> parse_ssh_recipient(std::string_view line);

std::unique_ptr<Identity> make_ssh_identity(SshPrivateKey key);

// `ask` gives the passphrase or throws Error{generic}; it is called until one was right.
std::unique_ptr<Identity> make_locked_ssh_identity(SshKeyFile file, SshPublicKey public_key,
                                                   std::function<SecretBytes()> ask);

}  // namespace leafseal::age
