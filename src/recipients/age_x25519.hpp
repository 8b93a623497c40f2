// X25519, age's own kind of key: recipients `age1...`, identities `AGE-SECRET-KEY-1...`. A stanza holds an ephemeral
// public key; the file key is wrapped under what both sides derive from it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "recipients/age.hpp"

namespace leafseal::age {

// Throw Error{generic}; messages never quote an identity.
std::unique_ptr<PublicKey> parse_x25519_recipient(std::string_view text);
std::unique_ptr<Identity> parse_x25519_identity(std::string_view text);
// The recipient of an identity.
std::string x25519_recipient(std::string_view identity);

// A new identity, in upper case as age writes it.
SecretBytes make_x25519_identity();

}  // namespace leafseal::age
