// ssh public keys: the wire form that is hashed and stored, and the line of text that carries it in base64.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "recipients/age_primitives.hpp"

namespace leafseal::age {

inline constexpr std::string_view ssh_ed25519_type = "ssh-ed25519";
inline constexpr std::string_view ssh_rsa_type = "ssh-rsa";

// Reads the wire form: numbers are 32 bits big-endian, strings carry their length in front. Throws Error{generic} at an
// unexpected end.
class SshReader {
 public:
  explicit SshReader(std::string_view data) : rest_(data) {}
  std::uint32_t number();
  std::string_view string();
  std::string_view positive();  // a positive integer of any size, big-endian, without leading zeros
  std::string_view rest() const { return rest_; }

 private:
  std::string_view take(std::size_t size);
  std::string_view rest_;
};

void append_ssh_string(std::string_view text, std::string& out);
void append_ssh_positive(std::string_view big_endian, std::string& out);

struct SshPublicKey {
  std::string type;
  std::string wire;
  Point ed25519{};       // the encoded point
  std::string modulus;   // of an RSA key, big-endian
  std::string exponent;
  // What a stanza names the key by: base64 of the first four bytes of the wire form's hash.
  std::string fingerprint() const;
};

SshPublicKey make_ed25519_key(Bytes point);
SshPublicKey make_rsa_key(std::string_view modulus, std::string_view exponent);

// Throw Error{generic}; the wire form also for a type other than the two.
SshPublicKey parse_ssh_wire(std::string_view wire);
// The first key of a text like authorized_keys: `TYPE BASE64 COMMENT`.
SshPublicKey parse_ssh_line(std::string_view text);

}  // namespace leafseal::age
