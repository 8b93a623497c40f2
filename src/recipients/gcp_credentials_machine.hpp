// Tokens of the service account that a machine, a pod or a job of Google Cloud has, from its metadata server:
// GCE_METADATA_HOST, or 169.254.169.254 (security.md N7).
#pragma once

#include <memory>

#include "leafseal/environment.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

// token() throws HttpError where there is no such server, Error{generic} for one that gives no token.
std::unique_ptr<const GcpTokenSource> gcp_machine_credentials(const Environment& environment);

}  // namespace leafseal
