// bcrypt_pbkdf: how OpenSSH turns a passphrase into the key of a private key file. PBKDF2 in form, with bcrypt over
// SHA-512 in place of HMAC, and the output bytes spread so that each needs all the work.
#pragma once

#include <cstdint>

#include "recipients/age_primitives.hpp"

namespace leafseal::age {

// `rounds` at least 1, passphrase and salt not empty.
SecretBytes bcrypt_pbkdf(Bytes passphrase, Bytes salt, std::uint32_t rounds, std::size_t size);

}  // namespace leafseal::age
