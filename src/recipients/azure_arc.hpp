// The managed identity of a machine that Azure Arc manages: its agent answers on loopback, and proves that who asks may
// read the machine's files by naming one whose content must come back (Azure Arc, "Authenticate against Azure
// resources").
#pragma once

#include <string>

#include "leafseal/environment.hpp"
#include "leafseal/http.hpp"

namespace leafseal {

bool is_on_azure_arc(const Environment& environment);  // IDENTITY_ENDPOINT and IMDS_ENDPOINT, or the agent's program

// Asks the agent once and gives the request that it will answer with a token. Throws Error{generic}.
HttpRequest arc_request(const std::string& resource, const Environment& environment);

// The content of the file that `challenge`, a WWW-Authenticate header, names. It must lie in `folder` itself, end in
// .key and have 4096 bytes at most. Throws Error{generic}.
std::string arc_secret(const std::string& challenge, const std::string& folder);

}  // namespace leafseal
