// Tokens for the key of a service account: a JSON web token, signed with the key, is given for one at `token_uri`
// (RFC 7523; Google, "Using OAuth 2.0 for server to server applications"). Outside of googleapis.com nobody gives one,
// and the signed token itself is the access token.
#pragma once

#include <memory>
#include <string>

#include "leafseal/environment.hpp"
#include "net/json_fields.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

// `fields`: of the key's file. Throws Error{generic} for one that is not whole.
std::unique_ptr<const GcpTokenSource> gcp_service_account(const JsonFields& fields, const std::string& origin,
                                                          const Environment& environment);

}  // namespace leafseal
