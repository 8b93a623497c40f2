// Credentials of the role that an EC2 instance has, from its metadata service, version 2 with a session token: version
// 1 hands them to whoever can make a server fetch a URL, and is not asked (spec: recipients.md 5.3).
#pragma once

#include "recipients/aws_credentials.hpp"

namespace leafseal {

// Throws Error{generic}, also when AWS_EC2_METADATA_DISABLED says not to ask, and HttpError where there is no such
// service.
AwsCredentials aws_instance_credentials(const AwsProfile& profile, const Environment& environment);

}  // namespace leafseal
