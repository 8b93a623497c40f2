// Credentials that the agent of a container gives: tasks of ECS (a path on 169.254.170.2) and pods of EKS (a whole
// URL), with an authorization token in a variable or a file (spec: recipients.md 5.3).
#pragma once

#include "recipients/aws_credentials.hpp"

namespace leafseal {

bool has_aws_container(const Environment& environment);  // a variable names its agent

// Plain http only to this machine and to the addresses of such agents, https to any host. Throws Error{generic}.
AwsCredentials aws_container_credentials(const Environment& environment);

}  // namespace leafseal
