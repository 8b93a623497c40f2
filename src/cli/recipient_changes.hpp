// --add-* and --rm-*: the recipients that `rotate`, or the older form with -r, adds to a file's first group and takes out
// of all of them.
#pragma once

#include "cli/options.hpp"
#include "leafseal/recipient.hpp"

namespace leafseal::cli {

inline constexpr std::array recipient_change_flags = std::to_array<Flag>({
    {"add-age", '\0', FlagKind::text, "", "LIST", "add age recipients, separated by commas"},
    {"rm-age", '\0', FlagKind::text, "", "LIST", "remove age recipients"},
    {"add-pgp", '\0', FlagKind::text, "", "LIST", "add OpenPGP fingerprints"},
    {"rm-pgp", '\0', FlagKind::text, "", "LIST", "remove OpenPGP fingerprints"},
    {"add-kms", '\0', FlagKind::text, "", "LIST", "add AWS KMS ARNs"},
    {"rm-kms", '\0', FlagKind::text, "", "LIST", "remove AWS KMS ARNs"},
    {"add-gcp-kms", '\0', FlagKind::text, "", "LIST", "add Google Cloud KMS resource ids"},
    {"rm-gcp-kms", '\0', FlagKind::text, "", "LIST", "remove Google Cloud KMS resource ids"},
    {"add-hckms", '\0', FlagKind::text, "", "LIST", "add Huawei Cloud KMS keys"},
    {"rm-hckms", '\0', FlagKind::text, "", "LIST", "remove Huawei Cloud KMS keys"},
    {"add-azure-kv", '\0', FlagKind::text, "", "LIST", "add Azure Key Vault key URLs"},
    {"rm-azure-kv", '\0', FlagKind::text, "", "LIST", "remove Azure Key Vault key URLs"},
    {"add-hc-vault-transit", '\0', FlagKind::text, "", "LIST", "add HashiCorp Vault transit key URIs"},
    {"rm-hc-vault-transit", '\0', FlagKind::text, "", "LIST", "remove HashiCorp Vault transit key URIs"},
});

inline std::string_view recipient_flag(RecipientKind kind) {  // its name behind `add-` and `rm-`
  constexpr std::array<std::string_view, recipient_kinds> names = {"kms",      "gcp-kms",          "hckms", "azure-kv",
                                                                   "hc-vault-transit", "pgp", "age"};
  return names.at(static_cast<std::size_t>(kind));
}

inline bool names_recipient_changes(const Options& options) {
  for (const Flag& flag : recipient_change_flags) {
    if (options.text(flag.name)) return true;
  }
  return false;
}

}  // namespace leafseal::cli
