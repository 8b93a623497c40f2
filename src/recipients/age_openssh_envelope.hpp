// The outer layer of an `openssh-key-v1` file: which cipher, which public key, and the private part, which open()
// decrypts with a key that bcrypt_pbkdf makes from the passphrase.
#pragma once

#include <string_view>

#include "leafseal/secret.hpp"

namespace leafseal::age {

class OpensshEnvelope {
 public:
  explicit OpensshEnvelope(std::string_view pem);  // throws Error{generic}
  bool is_encrypted() const { return cipher_ != "none"; }
  std::string_view public_key() const { return public_key_; }
  SecretBytes open(std::string_view passphrase) const;  // throws Error{generic}

 private:
  SecretBytes data_;
  std::string_view cipher_;
  std::string_view kdf_;
  std::string_view kdf_options_;
  std::string_view public_key_;
  std::string_view private_part_;
  std::string_view tag_;
};

}  // namespace leafseal::age
