// Credentials for AWS, from the first source of the chain that has some (spec: recipients.md 5.3). A source that is
// configured and fails is an error and ends the chain, as in AWS's SDKs: what is meant must not be replaced by what is
// merely there.
#pragma once

#include <ctime>
#include <optional>
#include <string>

#include "leafseal/environment.hpp"
#include "net/aws_sigv4.hpp"
#include "recipients/aws_profile.hpp"

namespace leafseal {

struct AwsCredentials {
  AwsKeys keys;
  std::optional<std::time_t> expires;  // none: they last
};

// `region`: whose STS is asked where a role is to be taken on. Throws Error{generic}: what is wrong with the source
// that is configured, or, when there is none, every source that was looked at and why it has nothing.
AwsCredentials find_aws_credentials(const AwsProfile& profile, const std::string& region,
                                    const Environment& environment);

}  // namespace leafseal
