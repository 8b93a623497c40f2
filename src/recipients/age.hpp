// age: the encryption of small secrets to public keys, after https://age-encryption.org/v1 (spec: recipients.md 3).
//
// An age file holds a random 16-byte file key once for each recipient, wrapped, in a *stanza*; a MAC under the file key
// over all of that header; and the payload under a key derived from the file key. Whoever can unwrap one stanza reads
// the payload. What differs between kinds of keys is only how a stanza is made and undone, so a kind is two small
// classes: a PublicKey that wraps the file key, and an Identity that unwraps it. Each kind stands in a file of its own
// (age_x25519, age_scrypt, age_ssh, age_plugin); encrypt() and decrypt() below are the same for all.
//
// The rule an Identity must know: a stanza that is not for it gives nothing, and the next identity is tried. A stanza
// that is for it and cannot be undone throws.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/secret.hpp"

namespace leafseal::age {

struct Stanza {
  std::string type;
  std::vector<std::string> arguments;
  std::string body;
  bool operator==(const Stanza&) const = default;
};

inline constexpr std::size_t file_key_size = 16;

class PublicKey {
 public:
  virtual ~PublicKey() = default;
  virtual std::vector<Stanza> wrap(std::span<const std::uint8_t> file_key) const = 0;
  // The public key itself, to find its identity by; empty: an identity must be tried.
  virtual std::string_view key_bytes() const { return {}; }
};

class Identity {
 public:
  virtual ~Identity() = default;
  // The file key; nothing if no stanza is for this identity. Throws Error{generic}.
  virtual std::optional<SecretBytes> unwrap(std::span<const Stanza> stanzas) = 0;
  // Needs no terminal and no program, so it is tried before those that do.
  virtual bool is_native() const { return false; }
  // The public key that belongs to it, if it opens without a prompt, a program or the network; else empty.
  virtual std::string_view open_key_bytes() const { return {}; }

  // For reports, which neither ask anybody nor start anything: what kind of key it is, and what unwrap() may need - a
  // passphrase for a stanza that is for it, a passphrase before it can tell, or a program.
  enum class Need : std::uint8_t { nothing, passphrase, passphrase_first, program };
  virtual Need needs() const { return Need::nothing; }
  virtual std::string name() const { return "age key"; }
};

// The age file, without armor (age_armor.hpp), that holds `plaintext` for one recipient.
std::string encrypt(std::string_view plaintext, const PublicKey& recipient);

// A file whose header was opened and verified, payload still sealed.
struct OpenedFile {
  SecretBytes payload_key;
  std::string sealed_payload;
};

// Opens an age file without armor. Identities are tried in order, native ones first; one that fails does not stop the
// others. Throws NoMatch, or Error{generic} with the reason of the first identity that failed.
OpenedFile open_file(std::string_view file, std::span<Identity* const> identities);
SecretBytes read_payload(const OpenedFile& file);  // throws Error{generic}

inline SecretBytes decrypt(std::string_view file, std::span<Identity* const> identities) {
  return read_payload(open_file(file, identities));
}

// Every failure of this part: the callers give it its place in the report of a failed recovery.
inline Error failure(std::string message) { return Error(ExitCode::generic, std::move(message)); }

class NoMatch : public Error {
 public:
  explicit NoMatch(std::string message) : Error(ExitCode::generic, std::move(message)) {}
};

}  // namespace leafseal::age
