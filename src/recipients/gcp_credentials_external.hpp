// Tokens for a workload that another identity provider vouches for (workload identity federation): its word is given
// for a token at Google's Security Token Service (RFC 8693), and that, where the credentials say so, for one of a
// service account.
#pragma once

#include <memory>
#include <string>

#include "leafseal/environment.hpp"
#include "net/json_fields.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

// `fields`: of type external_account. Throws Error{generic} where one is missing or wrong.
std::unique_ptr<const GcpTokenSource> gcp_external_account(const JsonFields& fields, const std::string& origin,
                                                           const Environment& environment);

}  // namespace leafseal
