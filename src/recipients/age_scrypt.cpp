#include "recipients/age_scrypt.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64.hpp"
#include "base/random.hpp"
#include "recipients/age_primitives.hpp"
#include "recipients/age_stanza.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view stanza_type = "scrypt";
constexpr std::string_view label = "age-encryption.org/v1/scrypt";
constexpr std::size_t salt_size = 16;
constexpr unsigned largest_work = 22;  // 4 GiB and about 15 s; more is an attack
constexpr unsigned usual_work = 18;
constexpr unsigned block_size = 8;

unsigned parse_work(const std::string& text) {
  unsigned work = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), work);
  if (text.starts_with('0') || end != text.data() + text.size() || error == std::errc::invalid_argument)
    throw failure("scrypt work factor encoding invalid: \"" + quoted(text) + "\"");
  if (error != std::errc{} || work > largest_work) throw failure("scrypt work factor too large: " + quoted(text));
  return work;
}

void wrapping_key(const SecretBytes& passphrase, std::string_view salt, unsigned work, Key& key) {
  const std::uint64_t cost = std::uint64_t{1} << work;
  const std::string labelled_salt = std::string(label).append(salt);
  const std::uint64_t memory_limit = (cost + 16) * block_size * 128 + (1 << 20);
  if (EVP_PBE_scrypt(passphrase.view().data(), passphrase.size(),
                     reinterpret_cast<const unsigned char*>(labelled_salt.data()), labelled_salt.size(), cost,
                     block_size, 1, memory_limit, key.data(), 32) != 1)
    throw failure("failed to generate scrypt hash: not enough memory");
}

}  // namespace

std::optional<SecretBytes> ScryptIdentity::unwrap(std::span<const Stanza> stanzas) {
  const auto is_scrypt = [](const Stanza& stanza) { return stanza.type == stanza_type; };
  const auto found = std::find_if(stanzas.begin(), stanzas.end(), is_scrypt);
  if (found == stanzas.end()) return std::nullopt;
  if (stanzas.size() != 1) throw failure("an scrypt recipient must be the only one");
  if (found->arguments.size() != 2) throw failure("invalid scrypt recipient block");
  const auto salt = decode_argument(found->arguments[0]);
  if (!salt) throw failure("failed to parse scrypt salt");
  if (salt->size() != salt_size) throw failure("invalid scrypt recipient block");
  const unsigned work = parse_work(found->arguments[1]);
  if (found->body.size() != file_key_size + tag_size)
    throw failure("invalid scrypt recipient block: incorrect file key size");

  const SecretBytes passphrase = passphrase_();
  if (passphrase.empty()) throw failure("passphrase can't be empty");
  Key key;
  wrapping_key(passphrase, *salt, work, key);
  SecretBytes file_key(file_key_size);
  if (!chacha_open(key, Nonce{}, bytes_of(found->body), file_key.bytes())) return std::nullopt;
  return file_key;
}

std::vector<Stanza> ScryptPassphrase::wrap(Bytes file_key) const {
  std::array<std::uint8_t, salt_size> salt;
  random_bytes(salt);
  Key key;
  wrapping_key(passphrase_, text_of(salt), usual_work, key);
  Stanza stanza{std::string(stanza_type),
                {base64::encode(text_of(salt), base64::Padding::forbidden), std::to_string(usual_work)}, {}};
  chacha_seal(key, Nonce{}, file_key, stanza.body);
  return {std::move(stanza)};
}

}  // namespace leafseal::age
