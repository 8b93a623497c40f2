// Requests to Azure Key Vault: sent first without a token, so that the vault says which one it wants, then with it; one
// that the vault does not take is replaced once. Refusals are made into errors with the service's code and reason.
#pragma once

#include <string>

#include "leafseal/http.hpp"
#include "recipients/azure_access.hpp"

namespace leafseal {

struct AzureVaultRequest {
  std::string method = "POST";
  std::string vault_url;  // as the file or the rule names it
  std::string path;       // "/keys/NAME/VERSION/encrypt"
  std::string body;       // JSON, or empty
};

// The answer of a vault that did as it was asked. Throws Error{generic}, HttpError, and what a source of tokens is
// wrong with.
HttpResponse send_to_azure_vault(const AzureVaultRequest& asked, AzureAccess& access, const Environment& environment);

}  // namespace leafseal
