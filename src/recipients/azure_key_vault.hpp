// AzureKeyVaultRecipient: an entry of the metadata's `azure_kv` list, for a version of an RSA key in Azure Key Vault
// (spec: recipients.md 7). `enc` is the vault's RSA-OAEP-256 ciphertext in base64 for URLs.
#pragma once

#include <memory>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/azure_access.hpp"

namespace leafseal {

// Asks nobody until the recipient is used. All arguments must outlive the result.
std::unique_ptr<Recipient> make_azure_key_vault_recipient(const RecipientEntry& entry, const Environment& environment,
                                                          AzureAccess& access);

// Gives an entry without a version the one that is the newest now; only the vault knows it. Throws as wrap() does.
void name_azure_version(RecipientEntry& entry, const Environment& environment, AzureAccess& access);

}  // namespace leafseal
