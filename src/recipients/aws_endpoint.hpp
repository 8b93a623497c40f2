// Where a service of AWS is asked in a region: the host that AWS names it by, or the endpoint that the user's variables
// or profile configure (spec: recipients.md 5.2; AWS SDKs and Tools Reference, "Service-specific endpoints"). A
// document names a region and nothing else, and the region is checked before it becomes part of a host (security.md
// N3).
#pragma once

#include <string>

#include "leafseal/environment.hpp"
#include "recipients/aws_profile.hpp"

namespace leafseal {

// `service`: "kms", "s3", "sts", "sso", "sso_oidc". The URL has no slash at its end. Throws Error{generic} for a region that
// is none, for a configured endpoint that is no URL, and Error{strict_refusal} for one without TLS that is not on this
// machine, of which otherwise a warning is given.
std::string aws_endpoint(const std::string& service, const std::string& region, const AwsProfile& profile,
                         const Environment& environment);

}  // namespace leafseal
