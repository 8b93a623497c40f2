// Where services of Google Cloud are asked: at Google's own hosts, in another cloud with Google's interfaces, or where
// the user's variables say (spec: recipients.md 6). A document names a key and no host (security.md N3).
#pragma once

#include <string>

#include "leafseal/environment.hpp"

namespace leafseal {

// https://SERVICE.DOMAIN. `named_by`: the variable that says the domain. `universe`: the domain that the credentials
// are for, or empty where they do not tell; a token of one cloud does not go to another. Throws Error{generic}.
std::string gcp_service_host(const std::string& service, const std::string& domain, const std::string& named_by,
                             const std::string& universe);

// The URL without a slash at its end: SOPS_GCP_KMS_ENDPOINT (host, host:port or URL), else the host in the domain of
// SOPS_GCP_KMS_UNIVERSE_DOMAIN, GOOGLE_CLOUD_UNIVERSE_DOMAIN, else in googleapis.com. Throws Error{generic}, and
// Error{strict_refusal} for http to another machine, of which otherwise a warning is given.
std::string gcp_kms_endpoint(const std::string& universe, const Environment& environment);

}  // namespace leafseal
