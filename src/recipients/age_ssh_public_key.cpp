#include "recipients/age_ssh_public_key.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t smallest_modulus = 2048 / 8;

std::string_view without_zeros(std::string_view number) {
  return number.substr(std::min(number.find_first_not_of('\0'), number.size()));
}

std::string_view first_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
  const std::string_view word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

}  // namespace

std::string_view SshReader::take(std::size_t size) {
  if (size > rest_.size()) throw failure("ssh: the key ends too early");
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::uint32_t SshReader::number() {
  std::uint32_t value = 0;
  for (const char c : take(4)) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::string_view SshReader::string() { return take(number()); }

std::string_view SshReader::positive() {
  const std::string_view number = string();
  if (number.empty() || (static_cast<std::uint8_t>(number[0]) & 0x80) != 0)
    throw failure("ssh: a number of the key is not positive");
  return without_zeros(number);
}

void append_ssh_string(std::string_view text, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(text.size() >> shift & 255));
  out.append(text);
}

void append_ssh_positive(std::string_view big_endian, std::string& out) {
  std::string number(without_zeros(big_endian));
  if (!number.empty() && (static_cast<std::uint8_t>(number[0]) & 0x80) != 0) number.insert(0, 1, '\0');
  append_ssh_string(number, out);
}

std::string SshPublicKey::fingerprint() const {
  return base64::encode(text_of(Bytes(sha256(bytes_of(wire))).first(4)), base64::Padding::forbidden);
}

SshPublicKey make_ed25519_key(Bytes point) {
  if (point.size() != sizeof(Point)) throw failure("ssh: an Ed25519 public key is not 32 bytes long");
  SshPublicKey key;
  key.type = ssh_ed25519_type;
  std::copy(point.begin(), point.end(), key.ed25519.begin());
  append_ssh_string(key.type, key.wire);
  append_ssh_string(text_of(point), key.wire);
  return key;
}

SshPublicKey make_rsa_key(std::string_view modulus, std::string_view exponent) {
  SshPublicKey key;
  key.type = ssh_rsa_type;
  key.modulus = without_zeros(modulus);
  key.exponent = without_zeros(exponent);
  if (key.modulus.size() < smallest_modulus) throw failure("RSA key size is too small");
  if (key.exponent.size() > 3 || key.exponent.empty()) throw failure("ssh: exponent too large");
  append_ssh_string(key.type, key.wire);
  append_ssh_positive(key.exponent, key.wire);
  append_ssh_positive(key.modulus, key.wire);
  return key;
}

SshPublicKey parse_ssh_wire(std::string_view wire) {
  SshReader reader(wire);
  const std::string_view type = reader.string();
  SshPublicKey key;
  if (type == ssh_ed25519_type) {
    key = make_ed25519_key(bytes_of(reader.string()));
  } else if (type == ssh_rsa_type) {
    const std::string_view exponent = reader.positive();
    key = make_rsa_key(reader.positive(), exponent);
  } else {
    throw failure("unknown SSH recipient type: \"" + quoted(type) + "\"");
  }
  if (!reader.rest().empty()) throw failure("ssh: trailing junk in public key");
  return key;
}

SshPublicKey parse_ssh_line(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string_view type = first_word(line);
    if (type.empty() || type.starts_with('#')) continue;
    std::string wire;
    if (base64::decode(first_word(line), wire) || wire.empty()) break;
    SshPublicKey key = parse_ssh_wire(wire);
    if (key.type != type) break;
    return key;
  }
  throw failure("ssh: no key found");
}

}  // namespace leafseal::age
