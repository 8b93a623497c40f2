// Tokens of a service account for somebody who may act as it: their own token is given for one at the account's
// generateAccessToken (Google, "Service Account Credentials API").
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "leafseal/environment.hpp"
#include "net/json_fields.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

struct GcpImpersonation {
  std::string url;                     // .../serviceAccounts/EMAIL:generateAccessToken
  std::vector<std::string> delegates;  // accounts in between, each of which may act as the next
  std::int64_t lifetime = 3600;        // seconds
};

// The account's tokens, got with those of `own`.
std::unique_ptr<const GcpTokenSource> gcp_impersonating(GcpImpersonation account,
                                                        std::unique_ptr<const GcpTokenSource> own,
                                                        const std::string& origin, const Environment& environment);

// `fields`: of type impersonated_service_account, with the credentials of the somebody in source_credentials. Throws
// Error{generic} where one is missing.
std::unique_ptr<const GcpTokenSource> gcp_impersonated(const JsonFields& fields, const std::string& origin,
                                                       const Environment& environment);

}  // namespace leafseal
