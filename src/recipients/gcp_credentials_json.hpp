// Credentials that a JSON text describes, as Google's console, gcloud and workload identity federation write them: the
// member `type` says of which kind they are.
#pragma once

#include <string>
#include <string_view>

#include "leafseal/environment.hpp"
#include "net/json_fields.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

// `origin`: where the text comes from, for messages. Throws Error{generic} that does not quote it: another kind, a
// member that is missing, an address that no credentials may go to.
GcpCredentials gcp_credentials_of_json(std::string_view text, const std::string& origin,
                                       const Environment& environment);

// The same for an object inside another one.
std::unique_ptr<const GcpTokenSource> gcp_source_of_json(const JsonFields& fields, const std::string& origin,
                                                         const Environment& environment);

// GOOGLE_CLOUD_QUOTA_PROJECT, which wins over what credentials say; or empty.
std::string quota_project_of_environment(const Environment& environment);

// A member that the kind of credentials must have.
std::string needed_member(const JsonFields& fields, JsonFields::Path path, const std::string& origin);

}  // namespace leafseal
