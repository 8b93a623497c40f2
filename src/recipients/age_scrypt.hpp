// scrypt: the kind of stanza of a file that is encrypted with a passphrase. It cannot be configured as a recipient; it
// is how an identity file protects itself.
#pragma once

#include <functional>

#include "recipients/age.hpp"

namespace leafseal::age {

// Asks for the passphrase only when a file is encrypted with one. A wrong passphrase is "no match".
class ScryptIdentity : public Identity {
 public:
  explicit ScryptIdentity(std::function<SecretBytes()> passphrase) : passphrase_(std::move(passphrase)) {}
  std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) override;

 private:
  std::function<SecretBytes()> passphrase_;
};

// The other direction, with the work factor that age uses: about a second and 256 MiB for each guess.
class ScryptPassphrase : public PublicKey {
 public:
  explicit ScryptPassphrase(SecretBytes passphrase) : passphrase_(std::move(passphrase)) {}
  std::vector<Stanza> wrap(std::span<const std::uint8_t> file_key) const override;

 private:
  SecretBytes passphrase_;
};

}  // namespace leafseal::age
