// GcpKmsRecipient: an entry of the metadata's `gcp_kms` list, for a key of Google's Cloud Key Management Service (spec:
// recipients.md 6). It speaks REST, whatever SOPS_GCP_KMS_CLIENT_TYPE says; the result is the same. `enc` is the
// service's ciphertext in base64.
#pragma once

#include <memory>
#include <string>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/gcp_access.hpp"

namespace leafseal {

// Asks nobody until the recipient is used. All arguments must outlive the result.
std::unique_ptr<Recipient> make_gcp_kms_recipient(const RecipientEntry& entry, const Environment& environment,
                                                  GcpAccess& access);

// projects/P/locations/L/keyRings/R/cryptoKeys/K, as the reference matches it.
bool is_gcp_key(std::string_view resource_id);

}  // namespace leafseal
