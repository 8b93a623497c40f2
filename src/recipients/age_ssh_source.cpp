#include "recipients/age_ssh_source.hpp"

#include "recipients/age_key_file.hpp"
#include "recipients/age_ssh.hpp"

namespace leafseal::age {
namespace {

constexpr const char* command_variable = "SOPS_AGE_SSH_PRIVATE_KEY_CMD";

SshPublicKey read_public_key_beside(const std::string& path) {
  const std::string beside = path + ".pub";
  SecretBytes text;
  try {
    text = read_key_file(beside).content;
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to obtain public \"" + beside + "\" key for \"" + path + "\" SSH key: ");
  }
  try {
    return parse_ssh_line(text.view());
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to parse \"" + beside + "\": ");
  }
}

SecretBytes ask_passphrase(const std::string& path, const Environment& environment) {
  auto passphrase =
      environment.ask_secret ? environment.ask_secret("Enter passphrase for \"" + path + "\": ") : std::nullopt;
  if (!passphrase)
    throw failure("failed to obtain passphrase: could not read passphrase for \"" + path +
                  "\": no terminal is available");
  return std::move(*passphrase);
}

}  // namespace

std::unique_ptr<Identity> ssh_identity_from_file(SecretBytes content, const std::string& path,
                                                 const Environment& environment) {
  SshKeyFile file;
  try {
    file = inspect_ssh_key(std::move(content));
    if (!file.is_encrypted) return make_ssh_identity(read_ssh_key(file, {}));
  } catch (const Error& error) {
    throw error.under(error.code(), "malformed SSH identity in \"" + path + "\": ");
  }
  SshPublicKey public_key = file.public_key ? *file.public_key : read_public_key_beside(path);
  return make_locked_ssh_identity(std::move(file), std::move(public_key),
                                  [path, &environment] { return ask_passphrase(path, environment); });
}

std::unique_ptr<Identity> ssh_identity_from_output(SecretBytes output) {
  SshKeyFile file;
  try {
    file = inspect_ssh_key(std::move(output));
    if (!file.is_encrypted) return make_ssh_identity(read_ssh_key(file, {}));
  } catch (const Error& error) {
    throw failure(std::string("malformed SSH identity returned by running ") + command_variable + ": \"" +
                  error.what() + "\"");
  }
  throw failure(std::string("the SSH key returned by running ") + command_variable +
                " is password protected, which is unsupported. (\"ssh: this private key is passphrase protected\")");
}

}  // namespace leafseal::age
