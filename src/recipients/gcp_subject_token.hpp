// The proof of who a workload is, by another identity provider's word: an OIDC token, a SAML response, or a signed
// request of AWS (Google, "Workload Identity Federation"; AIP-4117). `credential_source` of the credentials says where
// it is: a file, a URL, a program, or AWS.
#pragma once

#include <string>

#include "leafseal/environment.hpp"
#include "net/json_fields.hpp"

namespace leafseal {

// Whom the proof is for, which programs and AWS are told.
struct GcpAudience {
  std::string name;           // //iam.googleapis.com/projects/N/locations/global/workloadIdentityPools/P/providers/Q
  std::string token_type;     // urn:ietf:params:oauth:token-type:jwt and others
  std::string impersonation;  // service_account_impersonation_url, or empty
};

// Throws Error{generic} for a source that is none, before anything is asked.
void check_gcp_subject_source(const JsonFields& source, const std::string& origin, const Environment& environment);

// Read anew each time: its owner renews it. Throws Error{generic} that does not quote it, and HttpError.
std::string gcp_subject_token(const JsonFields& source, const GcpAudience& audience, const Environment& environment);

}  // namespace leafseal
