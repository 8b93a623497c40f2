#include "recipients/age_own_keys.hpp"

#include <unistd.h>

#include <algorithm>

#include "recipients/age_armor.hpp"
#include "recipients/age_key_file.hpp"
#include "recipients/age_scrypt.hpp"
#include "recipients/age_user_file.hpp"
#include "recipients/age_x25519.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view prefix = "AGE-SECRET-KEY-1";

void add_recipients(std::string_view text, const std::string& place, std::vector<OwnRecipient>& out) {
  constexpr std::string_view blanks = " \t\r\n";
  for (std::size_t begin = text.find_first_not_of(blanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(text[begin] == '#' ? "\n" : blanks, begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (word.starts_with(prefix)) {
      const std::string recipient = x25519_recipient(word);
      const auto same = [&](const OwnRecipient& own) { return own.recipient == recipient; };
      if (std::none_of(out.begin(), out.end(), same)) out.push_back({recipient, place});
    }
    begin = text.find_first_not_of(blanks, end);
  }
}

void add_file(const std::string& path, const Environment& environment, std::vector<OwnRecipient>& out) {
  try {
    const KeyFile file = read_key_file(path);
    if (is_encrypted(file.content.view())) {
      environment.warn_secrecy("the recipients of " + quoted(path) + " are not known: a passphrase protects it");
    } else {
      add_recipients(file.content.view(), path, out);
    }
  } catch (const Error& error) {
    environment.warn_secrecy("the identities of " + quoted(path) + " are left out: " + error.what());
  }
}

}  // namespace

NewIdentity new_identity(const std::string& created) {
  const SecretBytes identity = make_x25519_identity();
  const std::string recipient = x25519_recipient(identity.view());
  const std::string head = "# created: " + created + "\n# public key: " + recipient + "\n";
  SecretBytes text(head.size() + identity.size() + 1);
  std::uint8_t* out = std::copy(head.begin(), head.end(), text.data());
  out = std::copy(identity.view().begin(), identity.view().end(), out);
  *out = '\n';
  return {std::move(text), recipient};
}

bool is_encrypted(std::string_view identity_file) {
  return identity_file.starts_with(armor_begin) || identity_file.starts_with("age-encryption.org/");
}

std::string under_passphrase(std::string_view text, SecretBytes passphrase) {
  return add_armor(encrypt(text, ScryptPassphrase(std::move(passphrase))));
}

std::vector<OwnRecipient> own_recipients(const Environment& environment) {
  std::vector<OwnRecipient> out;
  if (const auto text = environment.variable("SOPS_AGE_KEY")) {
    try {
      add_recipients(*text, "SOPS_AGE_KEY", out);
    } catch (const Error& error) {
      environment.warn_secrecy(std::string("the identities of SOPS_AGE_KEY are left out: ") + error.what());
    }
  }
  if (const auto path = environment.variable("SOPS_AGE_KEY_FILE")) add_file(*path, environment, out);
  const UserFile file = user_file(environment);
  if (!file.path.empty() && ::access(file.path.c_str(), F_OK) == 0) add_file(file.path, environment, out);
  return out;
}

}  // namespace leafseal::age
