// Where Google Cloud KMS is asked: at Google's own host, or where the user's variables say (spec: recipients.md 6). A
// document names a key and no host (security.md N3).
#pragma once

#include <string>

#include "leafseal/environment.hpp"

namespace leafseal {

// The URL without a slash at its end: SOPS_GCP_KMS_ENDPOINT (host, host:port or URL), else the host in the domain of
// SOPS_GCP_KMS_UNIVERSE_DOMAIN, else in googleapis.com. `universe` is that of the credentials, or empty; a token of
// one cloud does not go to another. Throws Error{generic}, and Error{strict_refusal} for http to another machine, of
// which otherwise a warning is given.
std::string gcp_kms_endpoint(const std::string& universe, const Environment& environment);

}  // namespace leafseal
