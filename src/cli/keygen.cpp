// keygen: makes an age identity in the place where it will be found, and shows the line for .sops.yaml.
#include "base/file.hpp"
#include "base/time.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "leafseal/error.hpp"
#include "recipients/age_identity_file.hpp"
#include "recipients/age_key_file.hpp"
#include "recipients/age_own_keys.hpp"
#include "recipients/age_user_file.hpp"

namespace leafseal::cli {
namespace {

std::string identity_path(const Environment& environment, const Options& options) {
  if (const auto path = options.text("output")) return absolute_path(*path, environment.directory);
  if (const auto path = environment.variable("SOPS_AGE_KEY_FILE")) return absolute_path(*path, environment.directory);
  const age::UserFile file = age::user_file(environment);
  if (!file.path.empty()) return file.path;
  throw Error(ExitCode::generic, "there is no place for the identity: " + file.error, {"--output FILE names one"});
}

SecretBytes ask_new_passphrase(const Environment& environment) {
  const auto refuse = [](const std::string& why) { return Error(ExitCode::generic, why + "; no identity was made"); };
  auto passphrase = environment.ask_secret("Passphrase for the new identity: ");
  if (!passphrase) throw refuse("there is no terminal to ask for the passphrase");
  if (passphrase->empty()) throw refuse("the passphrase is empty");
  const auto again = environment.ask_secret("The same once more: ");
  if (!again || !(*again == *passphrase)) throw refuse("the two passphrases differ");
  return std::move(*passphrase);
}

// What stands in the file already, which must be identities that can be added to.
FileContent present_identities(const std::string& path, bool passphrase, const Environment& environment) {
  FileContent present = read_file_to_replace(path);
  if (present.text.empty()) return present;
  if (age::is_encrypted(present.text) || passphrase) {
    throw Error(ExitCode::generic,
                quoted(path) + " is there already, and an identity cannot be added to a file under a passphrase",
                {"--output FILE makes another file; name it in SOPS_AGE_KEY_FILE to use it"});
  }
  try {
    age::parse_identities(present.text, path, age::PerLine::one, environment);
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, quoted(path) + " does not hold age identities, and is left alone: ");
  }
  if (age::read_key_file(path).readable_by_others) {
    environment.warn_secrecy("private key file '" + quoted(path) +
                             "' can be read by other users; chmod 600 makes it private");
  }
  if (!present.text.ends_with('\n')) present.text += '\n';
  return present;
}

void store(const std::string& path, std::string text, const Environment& environment, bool passphrase) {
  make_directories(parent_directory(path), 0700);
  if (!file_exists(path)) {
    FileState absent;
    absent.absent = true;
    try {
      return write_file(path, text, Privacy::plaintext, &absent);
    } catch (const Error&) {
      if (!file_exists(path)) throw;  // else somebody made it at this moment, and this identity goes behind theirs
    }
  }
  const FileLock lock(path);
  FileContent present = present_identities(path, passphrase, environment);
  write_file(path, present.text + text, Privacy::plaintext, &present.state);
}

int list(const Environment& environment) {
  const std::vector<age::OwnRecipient> own = age::own_recipients(environment);
  if (own.empty()) {
    throw Error(ExitCode::generic, "no age identity was found", {"`" + environment.program + " keygen` makes one"});
  }
  for (const age::OwnRecipient& found : own) environment.out(found.recipient + "\n");
  return 0;
}

int run_keygen(Environment& environment, const CommandLine& line) {
  const Options& options = line.options;
  if (!options.words.empty()) {
    throw Error(ExitCode::generic, "keygen takes no file", {"--output FILE names the place of the identity"});
  }
  if (options.on("list")) return list(environment);
  const std::string path = identity_path(environment, options);
  const bool passphrase = options.on("passphrase");
  // Said before anybody types a passphrase.
  if (passphrase && file_exists(path)) present_identities(path, passphrase, environment);
  const age::NewIdentity made = age::new_identity(format_utc(environment.clock()));
  std::string text(made.text.view());
  if (passphrase) text = age::under_passphrase(text, ask_new_passphrase(environment));
  store(path, std::move(text), environment, passphrase);
  environment.err("The identity is in " + quoted(path) + "; keep a copy in a safe place.\n" +
                  (options.text("output") ? "It is found when SOPS_AGE_KEY_FILE names that file.\n" : "") +
                  "Its line for the creation_rules in .sops.yaml:\n");
  environment.out("  - age: " + made.recipient + "\n");
  return 0;
}

constexpr auto keygen_flags = std::to_array<Flag>({
    {"output", 'o', FlagKind::text, "", "FILE", "put the identity into FILE"},
    {"passphrase", '\0', FlagKind::toggle, "", "", "ask for a passphrase that protects the new file"},
    {"list", '\0', FlagKind::toggle, "", "", "print the recipients of the identities found, and make none"},
});
constexpr auto flags = joined(keygen_flags, own_flags);

}  // namespace

constinit const Command keygen_command = {
    "keygen",
    "",
    "make an age identity where it will be found",
    "Make an identity, and see the line that names its recipient in .sops.yaml:\n"
    "    leafseal keygen\n"
    "One that a passphrase protects:\n"
    "    leafseal keygen --passphrase\n"
    "See the recipients of the identities you have:\n"
    "    leafseal keygen --list\n",
    flags,
    run_keygen,
};

}  // namespace leafseal::cli
