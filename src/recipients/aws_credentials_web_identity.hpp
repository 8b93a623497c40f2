// Credentials of a role for a token that somebody else vouches for: service accounts of Kubernetes (IRSA), CI systems.
// The token is in a file that its owner renews, so it is read for each request (spec: recipients.md 5.3).
#pragma once

#include <string>

#include "recipients/aws_credentials.hpp"

namespace leafseal {

struct AwsWebIdentity {
  std::string token_file;
  std::string role_arn;
  std::string session_name;  // empty: that of this machine
};

// Throws Error{generic}: the file, or the service's reason.
AwsCredentials assume_with_web_identity(const AwsWebIdentity& identity, const AwsProfile& profile,
                                        const std::string& region, const Environment& environment);

}  // namespace leafseal
