#include "recipients/age_passphrase_file.hpp"

#include "recipients/age_gpg_agent.hpp"
#include "recipients/age_primitives.hpp"
#include "recipients/age_scrypt.hpp"

namespace leafseal::age {
namespace {

std::string base32(Bytes bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8 | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) out.push_back(alphabet[bits >> (count - 5) & 31]);
  }
  return out;
}

}  // namespace

// 25 bytes are 40 letters exactly: with the name in front shorter than the agent's limit of 50.
std::string PassphraseFile::cache_id() const {
  return "SopsAge" + base32(Bytes(sha256(bytes_of(file_))).first(25));
}

std::optional<SecretBytes> PassphraseFile::unwrap(std::span<const Stanza> stanzas) {
  if (!opened_) open();
  std::optional<Error> first_failure;
  for (const auto& identity : identities_) {
    try {
      if (auto key = identity->unwrap(stanzas)) return key;
    } catch (const Error& error) {
      if (!first_failure) first_failure = error;
    }
  }
  if (first_failure) throw *first_failure;
  if (!warned_) environment_.warn("encrypted identity '" + location_ + "' didn't match file's recipients");
  warned_ = true;
  return std::nullopt;
}

void PassphraseFile::open() {
  ScryptIdentity passphrase([this] { return ask_passphrase(); });
  Identity* const identities[] = {&passphrase};
  SecretBytes text;
  try {
    text = decrypt(file_, identities);
  } catch (const NoMatch&) {
    if (GpgAgent agent(environment_); agent.connected()) agent.forget(cache_id());
    throw failure("incorrect passphrase");
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to decrypt identity file: ");
  }
  identities_ = parse_identities(text.view(), location_, PerLine::one, environment_);
  opened_ = true;
}

SecretBytes PassphraseFile::ask_passphrase() {
  const std::string question = "Enter passphrase for identity '" + location_ + "':";
  if (GpgAgent agent(environment_); agent.connected()) {
    SecretBytes passphrase = agent.passphrase(cache_id(), question);
    if (passphrase.empty()) agent.forget(cache_id());
    return passphrase;
  }
  auto passphrase = environment_.ask_secret ? environment_.ask_secret(question + " ") : std::nullopt;
  if (!passphrase) throw failure("could not read passphrase: no terminal is available");
  return std::move(*passphrase);
}

}  // namespace leafseal::age
