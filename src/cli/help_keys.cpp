// help keys: where private keys are looked for (spec: recipients.md).
#include "cli/help_topics.hpp"

namespace leafseal::cli {

std::string key_help() {
  return "Use the identities of a file:\n"
         "    SOPS_AGE_KEY_FILE=keys.txt leafseal decrypt secrets.yaml\n"
         "Try PGP keys first:\n"
         "    leafseal decrypt --decryption-order pgp,age secrets.yaml\n\n"
         "age identities are taken from all of these places; one that cannot be read hides no other:\n"
         "  $SOPS_AGE_SSH_PRIVATE_KEY_FILE          an SSH private key\n"
         "  $SOPS_AGE_SSH_PRIVATE_KEY_CMD           a command that prints one\n"
         "  ~/.ssh/id_ed25519, ~/.ssh/id_rsa\n"
         "  $SOPS_AGE_KEY                           identities, one a line\n"
         "  $SOPS_AGE_KEY_FILE                      a file of identities\n"
         "  $SOPS_AGE_KEY_CMD                       a command that prints identities\n"
         "  $XDG_CONFIG_HOME/sops/age/keys.txt      ~/.config/sops/age/keys.txt by default\n\n"
         "A file of identities may be encrypted with a passphrase: it is asked for on the terminal, or by gpg-agent.\n"
         "Identities of plugins run age-plugin-NAME, found in $PATH.\n\n"
         "PGP keys are those of GnuPG ($GNUPGHOME) and its agent. $SOPS_GPG_EXEC names another program.\n\n"
         "HashiCorp Vault and OpenBao unwrap what their transit keys wrapped, for $VAULT_TOKEN or ~/.vault-token: see\n"
         "leafseal-services(7).\n\n"
         "AWS KMS unwraps what its keys wrapped, for the credentials that AWS's programs find: see leafseal-services(7).\n\n"
         "Google Cloud KMS unwraps what its keys wrapped, for the credentials that Google's programs find: $GOOGLE_CREDENTIALS,\n"
         "$GOOGLE_OAUTH_ACCESS_TOKEN and others: see leafseal-services(7).\n\n"
         "Azure Key Vault unwraps what its keys wrapped, for an application of $AZURE_CLIENT_ID, the identity of the machine\n"
         "or pod, or the login of az: see leafseal-services(7).\n\n"
         "Huawei Cloud KMS unwraps what its keys wrapped, for $HUAWEICLOUD_SDK_AK and $HUAWEICLOUD_SDK_SK or the credentials in\n"
         "~/.huaweicloud/credentials: see leafseal-services(7).\n\n"
         "A file with several key groups needs one key of each of as many groups as its threshold says. Keys that are at\n"
         "hand are tried first, then services, then what may ask for a passphrase or a touch; --decryption-order and\n"
         "$SOPS_DECRYPTION_ORDER change that.\n";
}

}  // namespace leafseal::cli
