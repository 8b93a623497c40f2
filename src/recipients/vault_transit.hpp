// VaultTransitRecipient: an entry of the metadata's `hc_vault` list, for a key of the transit engine of HashiCorp Vault
// or OpenBao (spec: recipients.md 8). `enc` is the server's ciphertext as it is, "vault:v1:...".
#pragma once

#include <memory>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"

namespace leafseal {

// Asks nobody until the recipient is used. Both arguments must outlive the result.
std::unique_ptr<Recipient> make_vault_transit_recipient(const RecipientEntry& entry, const Environment& environment);

}  // namespace leafseal
