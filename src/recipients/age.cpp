#include "recipients/age.hpp"

#include <openssl/crypto.h>

#include <array>

#include "base/random.hpp"
#include "recipients/age_header.hpp"
#include "recipients/age_stream.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t payload_nonce_size = 16;

SecretBytes unwrap_file_key(std::span<const Stanza> stanzas, std::span<Identity* const> identities) {
  if (identities.empty()) throw failure("no identities specified");
  std::optional<Error> first_failure;
  for (const bool native : {true, false}) {
    for (Identity* const identity : identities) {
      if (identity->is_native() != native) continue;
      try {
        if (auto key = identity->unwrap(stanzas)) return std::move(*key);
      } catch (const Error& error) {
        if (!first_failure) first_failure = error;
      }
    }
  }
  if (first_failure) throw *first_failure;
  throw NoMatch(identities.size() == 1
                    ? "identity did not match any of the recipients: incorrect identity for recipient block"
                    : "no identity matched any of the recipients");
}

Header read_header(std::string_view file) {
  try {
    return parse_header(file);
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to read header: ");
  }
}

}  // namespace

std::string encrypt(std::string_view plaintext, const PublicKey& recipient) {
  SecretArray<file_key_size> file_key;
  random_bytes(file_key);
  std::string file = write_header(recipient.wrap(file_key), file_key);
  std::array<std::uint8_t, payload_nonce_size> nonce;
  random_bytes(nonce);
  file.append(text_of(nonce));
  Key key;
  hkdf_sha256(file_key, nonce, "payload", key);
  append_stream(key, bytes_of(plaintext), file);
  return file;
}

OpenedFile open_file(std::string_view file, std::span<Identity* const> identities) {
  const Header header = read_header(file);
  const SecretBytes file_key = unwrap_file_key(header.stanzas, identities);
  if (file_key.size() != file_key_size) throw failure("the file key is not 16 bytes long");
  const Hash mac = header_mac(file_key.bytes(), header.authenticated);
  if (CRYPTO_memcmp(mac.data(), header.mac.data(), mac.size()) != 0) throw failure("bad header MAC");

  const std::string_view payload = file.substr(header.size);
  if (payload.size() < payload_nonce_size)
    throw failure(payload.empty() ? "failed to read nonce: EOF" : "failed to read nonce: unexpected EOF");
  OpenedFile opened{SecretBytes(sizeof(Hash)), std::string(payload.substr(payload_nonce_size))};
  hkdf_sha256(file_key.bytes(), bytes_of(payload.substr(0, payload_nonce_size)), "payload",
              std::span<std::uint8_t, 32>(opened.payload_key.data(), 32));
  return opened;
}

SecretBytes read_payload(const OpenedFile& file) {
  return open_stream(file.payload_key.bytes(), bytes_of(file.sealed_payload));
}

}  // namespace leafseal::age
