// Tokens for a person who has logged in: `gcloud auth application-default login` leaves a refresh token that is given
// for them (RFC 6749 6). The same for people of another identity provider (workforce identity federation).
#pragma once

#include <memory>
#include <string>

#include "leafseal/environment.hpp"
#include "net/json_fields.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

// `fields`: of type authorized_user, or external_account_authorized_user. Throws Error{generic} where one is missing.
std::unique_ptr<const GcpTokenSource> gcp_user(const JsonFields& fields, const std::string& origin,
                                               const Environment& environment);

}  // namespace leafseal
