#include "recipients/age_recipient.hpp"

#include <algorithm>

#include "recipients/age.hpp"
#include "recipients/age_armor.hpp"
#include "recipients/age_plugin.hpp"
#include "recipients/age_post_quantum.hpp"
#include "recipients/age_ssh.hpp"
#include "recipients/age_x25519.hpp"

namespace leafseal {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

template <class Parse>
std::unique_ptr<age::PublicKey> parsed_as(const char* kind, const Parse& parse) {
  try {
    return parse();
  } catch (const Error& error) {
    throw error.under(error.code(), std::string("failed to parse input as ") + kind + ": ");
  }
}

// A private key that somebody took for a recipient is not shown to everybody who reads the message.
void refuse_identity(std::string_view text) {
  constexpr std::string_view beginning = "AGE-SECRET-KEY-";
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  if (text.size() < beginning.size() || !std::equal(beginning.begin(), beginning.end(), text.begin(), same)) return;
  throw Error(ExitCode::generic, "failed to parse input, unknown recipient type: a private age key stands in the place of a recipient",
              {"a private key that was in a file or on a command line is no longer one: make a new one with age-keygen, and name "
               "its recipient, age1..."});
}

std::unique_ptr<age::PublicKey> parse_recipient(std::string_view text, const Environment& environment) {
  constexpr const char* native = "Bech32-encoded age public key";
  text = trimmed(text);
  if (text.starts_with("age1pq1")) return parsed_as(native, [&] { return age::parse_post_quantum_recipient(text); });
  if (text.starts_with("age1") && std::count(text.begin(), text.end(), '1') > 1)
    return parsed_as("age key from age plugin", [&] { return age::parse_plugin_recipient(text, environment); });
  if (text.starts_with("age1")) return parsed_as(native, [&] { return age::parse_x25519_recipient(text); });
  if (text.starts_with("ssh-")) return parsed_as("age-ssh public key", [&] { return age::parse_ssh_recipient(text); });
  refuse_identity(text);
  throw age::failure("failed to parse input, unknown recipient type: \"" + quoted(text) + "\"");
}

class AgeRecipient : public Recipient {
 public:
  AgeRecipient(const RecipientEntry& entry, const Environment& environment, AgeIdentities& identities)
      : recipient_(entry.field("recipient")), environment_(environment), identities_(identities) {}

  std::string wrap(const SecretBytes& key) const override {
    const auto recipient = parse_recipient(recipient_, environment_);
    try {
      return age::add_armor(age::encrypt(key.view(), *recipient));
    } catch (const Error& error) {
      throw error.under(error.code(), "failed to create writer for encrypting sops data key with age: ");
    }
  }

  UnwrapResult unwrap(std::string_view enc) const override { return identities_.unwrap(enc, recipient_); }

  std::optional<UnwrapResult> unwrap_at_hand(std::string_view enc) const override {
    return identities_.unwrap_at_hand(enc, *parse_recipient(recipient_, environment_));
  }

  UnwrapCost unwrap_cost() const override {
    try {
      return identities_.unwrap_cost(parse_recipient(recipient_, environment_).get());
    } catch (const Error&) {
      return identities_.unwrap_cost(nullptr);
    }
  }

 private:
  std::string recipient_;
  const Environment& environment_;
  AgeIdentities& identities_;
};

}  // namespace

void check_age_recipient(std::string_view text, const Environment& environment) { parse_recipient(text, environment); }

std::unique_ptr<Recipient> make_age_recipient(const RecipientEntry& entry, const Environment& environment,
                                              AgeIdentities& identities) {
  return std::make_unique<AgeRecipient>(entry, environment, identities);
}

}  // namespace leafseal
