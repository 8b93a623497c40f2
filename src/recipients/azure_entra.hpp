// Tokens from Microsoft Entra ID for a program that proves who it is: the client credentials grant of OAuth 2.0 (RFC
// 6749 4.4). It goes to the authority of AZURE_AUTHORITY_HOST, or Azure's public one, and to the user's own tenant: a
// vault says in its challenge where it would be asked, and that is not followed (security.md N2).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "recipients/azure_token.hpp"

namespace leafseal {

// Who asks: AZURE_TENANT_ID and AZURE_CLIENT_ID.
struct AzureClientId {
  std::string tenant;
  std::string client;
};

// The tenant to ask: the client's own, or the vault's where AZURE_ADDITIONALLY_ALLOWED_TENANTS names it or is "*".
std::string tenant_to_ask(const AzureClientId& id, const AzureTokenRequest& asked, const Environment& environment);

// AUTHORITY/TENANT/oauth2/v2.0/token. Throws Error{generic} for an authority without https or a tenant that is none.
std::string entra_token_url(const std::string& tenant, const Environment& environment);

// `proof`: fields of the form by which the client proves itself. `source` stands in messages. Throws Error{generic}
// with Entra's reason, or HttpError.
AzureToken entra_token(const std::string& source, const AzureClientId& id, const AzureTokenRequest& asked,
                       std::vector<std::pair<std::string, std::string>> proof, const Environment& environment);

}  // namespace leafseal
