#include "recipients/pgp_recipient.hpp"

#include <algorithm>
#include <cctype>
#include <mutex>

#include "leafseal/error.hpp"
#include "recipients/pgp_backend.hpp"

namespace leafseal {
namespace {

constexpr const char* encrypting =
    "could not encrypt data key with PGP key: GnuPG binary error: failed to encrypt sops data key with pgp: ";
constexpr const char* decrypting =
    "could not decrypt data key with PGP key: GnuPG binary error: failed to decrypt sops data key with pgp: ";

// A fingerprint becomes a word of gpg's command line, so it is nothing but a fingerprint (security.md C7).
void check_fingerprint(std::string_view fingerprint) {
  std::string_view digits = fingerprint;
  if (digits.ends_with('!')) digits.remove_suffix(1);
  if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
  const bool hexadecimal = std::all_of(digits.begin(), digits.end(),
                                       [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
  if (hexadecimal && digits.size() >= 16) return;
  throw Error(ExitCode::generic, "gpg: '" + quoted(fingerprint) + "' is not a valid long keyID",
              {"name PGP keys by their fingerprint: gpg --list-keys --with-subkey-fingerprint"});
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

class PgpRecipient final : public Recipient {
 public:
  PgpRecipient(std::string fingerprint, const Environment& environment)
      : fingerprint_(std::move(fingerprint)), environment_(environment) {}

  std::string wrap(const SecretBytes& key) const override {
    try {
      check_fingerprint(fingerprint_);
      const std::string message = trimmed(backend()->encrypt(fingerprint_, key));
      if (message.empty()) throw Error(ExitCode::generic, "zero bytes returned");
      return message;
    } catch (const Error& error) {
      throw error.under(ExitCode::generic, encrypting);
    }
  }

  UnwrapResult unwrap(std::string_view enc) const override {
    static std::mutex one_question_at_a_time;  // the first answer is in the agent's cache when the next one is due
    const std::lock_guard asking(one_question_at_a_time);
    try {
      SecretBytes key = backend()->decrypt(fingerprint_, enc);
      if (!key.empty()) return key;
      return UnwrapFailure{std::string(decrypting) + "zero bytes returned",
                           "this gpg may be too old for the message's cipher"};
    } catch (const Error& error) {
      return UnwrapFailure{decrypting + std::string(error.what()), error.hints().empty() ? "" : error.hints().front()};
    }
  }

 private:
  std::unique_ptr<PgpBackend> backend() const {
    if (auto program = environment_.variable("SOPS_GPG_EXEC")) return gpg_command(*std::move(program), environment_);
    if (auto gpgme = open_gpgme(environment_)) return gpgme;
    return gpg_command("gpg", environment_);
  }

  std::string fingerprint_;
  const Environment& environment_;
};

}  // namespace

std::unique_ptr<Recipient> make_pgp_recipient(const RecipientEntry& entry, const Environment& environment) {
  return std::make_unique<PgpRecipient>(entry.field("fp"), environment);
}

}  // namespace leafseal
