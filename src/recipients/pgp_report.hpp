// The state of the user's GnuPG, for `doctor`: which program, its agent and pinentry, and what it can say of a key
// without asking anybody for a passphrase. Runs gpg and gpgconf and nothing else, with the network shut off.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "leafseal/environment.hpp"
#include "leafseal/secret.hpp"

namespace leafseal {

struct GpgState {
  std::string program;   // its path; empty: not found
  std::string version;   // empty: it did not tell
  std::string home;
  std::string agent_socket;
  std::string pinentry;  // the program that asks for passphrases
  std::string problem;   // why gpg did not run
};
GpgState inspect_gpg(const Environment& environment);

// Where gpg would be found, without running it.
std::string find_gpg(const Environment& environment);

struct PgpKeyState {
  enum class Public : std::uint8_t { good, missing, expired, revoked, disabled, invalid };
  Public public_key = Public::missing;
  bool secret_key = false;
};
// `fingerprint` has passed syntax_flaw().
PgpKeyState inspect_pgp_key(const Environment& environment, const std::string& fingerprint);

struct PgpAttempt {
  SecretBytes key;      // empty: not without being asked
  std::string problem;  // gpg's words
};
PgpAttempt open_quietly(const Environment& environment, std::string_view enc);

}  // namespace leafseal
