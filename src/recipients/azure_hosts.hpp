// Which hosts may get a token for Azure Key Vault and a data key (security.md N2): https, the vaults and managed HSMs
// of Azure's public and sovereign clouds, and, where the user works with a cloud of his own (AZURE_AUTHORITY_HOST),
// what he named. A vault's challenge must be for its own domain.
#pragma once

#include <string>

#include "leafseal/environment.hpp"
#include "net/url.hpp"
#include "recipients/azure_token.hpp"

namespace leafseal {

// The address of a vault as a file or a rule names it. Throws Error{generic} for one that no token may go to.
Url checked_vault_url(const std::string& vault_url, const Environment& environment);

// What a WWW-Authenticate header asks for: `Bearer authorization="https://HOST/TENANT", resource="https://DOMAIN"`, or
// scope="https://DOMAIN/.default". Throws Error{generic} when that is not the vault's own domain.
AzureTokenRequest checked_challenge(const std::string& header, const Url& vault);

}  // namespace leafseal
