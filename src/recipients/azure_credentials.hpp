// Tokens for Azure from the first source of the chain that has one (spec: recipients.md 7), or from those alone that
// AZURE_TOKEN_CREDENTIALS names: `dev`, `prod`, or one source.
#pragma once

#include "recipients/azure_token.hpp"

namespace leafseal {

// `source`: the number of the one that gave a token before, -1 for none yet; it is set, and from then on it alone is
// asked. Throws Error{generic}: why the source that is configured is refused, or every source and why it has nothing.
AzureToken find_azure_token(const AzureTokenRequest& asked, int& source, const Environment& environment);

}  // namespace leafseal
