// help environment: the variables of flags, from their tables, and the others that are read (spec: cli.md 7).
#include <array>
#include <map>
#include <string>

#include "cli/command.hpp"
#include "cli/help_topics.hpp"

namespace leafseal::cli {
namespace {

struct Variable {
  std::string_view name;
  std::string_view meaning;
};

// A name that ends in _* stands for a family.
constexpr std::array others = std::to_array<Variable>({
    {"SOPS_EDITOR", "the editor's command; else EDITOR, VISUAL, vim, nano, vi"},
    {"EDITOR", "see SOPS_EDITOR"},
    {"VISUAL", "see SOPS_EDITOR"},
    {"SOPS_AGE_KEY", "age identities, one a line"},
    {"SOPS_AGE_KEY_FILE", "a file of age identities"},
    {"SOPS_AGE_KEY_CMD", "a command that prints age identities; it gets SOPS_AGE_RECIPIENT"},
    {"SOPS_AGE_SSH_PRIVATE_KEY_FILE", "an SSH private key for age"},
    {"SOPS_AGE_SSH_PRIVATE_KEY_CMD", "a command that prints one; it gets SOPS_AGE_RECIPIENT"},
    {"AGEDEBUG", "`plugin`: what age plugins say and are told goes to standard error"},
    {"SOPS_GPG_EXEC", "the program to run in place of gpg"},
    {"GNUPGHOME", "GnuPG's directory"},
    {"GPG_AGENT_INFO", "the socket of an older gpg-agent, for encrypted SSH keys and identity files"},
    {"GPG_TTY", "the terminal on which GnuPG asks; `doctor` tells when it is none"},
    {"WAYLAND_DISPLAY", "a desktop, on which GnuPG can ask: `doctor`"},
    {"DISPLAY", "told to gpg-agent, with TERM, so that it can ask for a passphrase"},
    {"LC_ALL", "the language in which GnuPG asks; else LC_CTYPE, LANG"},
    {"LC_CTYPE", "see LC_ALL"},
    {"LANG", "see LC_ALL"},
    {"HOME", "where the directories below are without XDG_CONFIG_HOME"},
    {"XDG_CONFIG_HOME", "where sops/age/keys.txt and leafseal/config.yaml are"},
    {"XDG_RUNTIME_DIR", "memory for the text of an edit; gpg-agent's socket"},
    {"TMPDIR", "where the text of an edit is when there is no memory for it"},
    {"PATH", "where editor, plugins and commands are found"},
    {"PWD", "the working directory as the shell names it"},
    {"SOPS_HC_VAULT_ALLOWLIST", "which Vault servers may have the token: all, none, or URLs"},
    {"VAULT_*", "VAULT_TOKEN, VAULT_ADDR and others of Vault's programs: leafseal-services(7)"},
    {"AWS_*", "credentials, profiles and endpoints of AWS's programs: leafseal-services(7)"},
    {"HUAWEICLOUD_SDK_*", "HUAWEICLOUD_SDK_AK and others, credentials for Huawei Cloud: leafseal-services(7)"},
    {"HC_CONTAINER_*", "the identity of a pod of Huawei Cloud: leafseal-services(7)"},
    {"GOOGLE_*", "GOOGLE_CREDENTIALS and others, credentials for Google Cloud: leafseal-services(7)"},
    {"GCE_METADATA_HOST", "the metadata server of a machine of Google Cloud, HOST or HOST:PORT"},
    {"SOPS_GCP_KMS_ENDPOINT", "where Google Cloud KMS is asked: HOST, HOST:PORT or a URL"},
    {"SOPS_GCP_KMS_UNIVERSE_DOMAIN", "another cloud's domain in the place of googleapis.com"},
    {"SOPS_GCP_KMS_CLIENT_TYPE", "accepted: leafseal speaks REST in any case"},
    {"STORAGE_EMULATOR_HOST", "a Cloud Storage of your own, for `publish`; it gets no token"},
    {"AZURE_*", "the application, tenant and authority of Azure's programs: leafseal-services(7)"},
    {"IDENTITY_*", "IDENTITY_ENDPOINT, IDENTITY_HEADER, with IMDS_ENDPOINT: managed identities of Azure"},
    {"IMDS_ENDPOINT", "see IDENTITY_*"},
    {"MSI_*", "MSI_ENDPOINT, MSI_SECRET, with DEFAULT_IDENTITY_CLIENT_ID: older managed identities of Azure"},
    {"DEFAULT_IDENTITY_CLIENT_ID", "see MSI_*"},
    {"HTTPS_PROXY", "the proxy to key services; lower case, too"},
    {"HTTP_PROXY", "the same for services without TLS; not where REQUEST_METHOD is set"},
    {"NO_PROXY", "hosts that are asked without a proxy"},
    {"REQUEST_METHOD", "set by a web server for its programs: see HTTP_PROXY"},
    {"SSL_CERT_FILE", "certificates of the authorities that services are trusted by"},
    {"SSL_CERT_DIR", "a directory of such certificates"},
    {"NO_COLOR", "not empty: no colours"},
    {"CLICOLOR_FORCE", "not empty and not 0: colours where no terminal is, too"},
    {"CLICOLOR", "0: no colours on a terminal either"},
    {"TERM", "`dumb`: no colours, no progress"},
    {"CI", "no progress"},
});

void add_flags(std::map<std::string_view, std::string>& flags_of, std::span<const Flag> flags) {
  for (const Flag& flag : flags) {
    if (!flag.variable.empty())
      flags_of.emplace(flag.variable, "--" + std::string(flag.name) + ": " + std::string(flag.help));
  }
}

void add_commands(std::map<std::string_view, std::string>& flags_of, Commands commands) {
  for (const Command* command : commands) {
    add_flags(flags_of, command->flags);
    for (const Command* below : command->commands) add_flags(flags_of, below->flags);
  }
}

std::string line(std::string_view name, std::string_view meaning) {
  std::string left = "  " + std::string(name);
  left += left.size() < 34 ? std::string(34 - left.size(), ' ') : "\n" + std::string(34, ' ');
  return left + std::string(meaning) + "\n";
}

}  // namespace

std::string environment_help() {
  std::map<std::string_view, std::string> flags_of;
  add_flags(flags_of, global_flags());
  add_commands(flags_of, commands());
  std::string text =
      "Encrypt for the same recipients everywhere in a shell:\n"
      "    export SOPS_AGE_RECIPIENTS=age1...\n"
      "Decrypt on a build machine whose secret is in a variable:\n"
      "    SOPS_AGE_KEY=\"$AGE_KEY\" leafseal decrypt secrets.yaml\n\n"
      "In place of a flag. An empty variable counts as absent, that of a switch as false:\n";
  for (const auto& [variable, meaning] : flags_of) text += line(variable, meaning);
  text += "\nOthers:\n";
  for (const Variable& variable : others) text += line(variable.name, variable.meaning);
  return text;
}

}  // namespace leafseal::cli
