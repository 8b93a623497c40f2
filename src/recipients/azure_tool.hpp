// Programs of the user's in which he is logged in to Azure, run for a token.
#pragma once

#include <string>
#include <vector>

#include "leafseal/secret.hpp"
#include "recipients/azure_token.hpp"

namespace leafseal {

// What the program prints. Throws AzureUnavailable when it is not on the PATH, does not end within ten seconds, or
// fails, with what it says on its standard error. `words[0]` is its name.
SecretBytes run_azure_tool(std::vector<std::string> words, const Environment& environment);

// `asked` fit for an argument. Throws Error{generic} for a resource or tenant that is none.
AzureTokenRequest fit_for_arguments(const AzureTokenRequest& asked);

}  // namespace leafseal
