// Credentials of people who log in once for many accounts: `aws sso login` leaves a token in a cache under ~/.aws,
// which is exchanged for the keys of a role, and renewed when it has expired and can be (spec: recipients.md 5.3).
#pragma once

#include "recipients/aws_credentials.hpp"

namespace leafseal {

bool has_sso(const AwsProfile& profile);

// `profile` has the settings; `caller` is the one that requests are made with. Throws Error{generic}.
AwsCredentials aws_sso_credentials(const AwsProfile& profile, const AwsProfile& caller, const Environment& environment);

}  // namespace leafseal
