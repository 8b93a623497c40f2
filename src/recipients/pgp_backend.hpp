// The two ways to an OpenPGP implementation. gpgme speaks to the user's GnuPG; the command line serves SOPS_GPG_EXEC,
// whose program must see the reference's arguments, and systems without gpgme.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "leafseal/environment.hpp"
#include "leafseal/secret.hpp"

namespace leafseal {

class PgpBackend {
 public:
  virtual ~PgpBackend() = default;
  // Both throw Error{generic} with GnuPG's own lines ("gpg: ...") as the message, and what to do as a hint. The
  // fingerprint was checked: hexadecimal digits and at most a final '!'.
  virtual std::string encrypt(const std::string& fingerprint, const SecretBytes& key) const = 0;
  virtual SecretBytes decrypt(const std::string& fingerprint, std::string_view message) const = 0;
};

// nullptr: this system has no gpgme. Opens the library and asks GnuPG for its version, so only on first use.
std::unique_ptr<PgpBackend> open_gpgme(const Environment& environment);

std::unique_ptr<PgpBackend> gpg_command(std::string program, const Environment& environment);

}  // namespace leafseal
