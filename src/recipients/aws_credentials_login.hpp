// Credentials that `aws login` leaves in a cache under ~/.aws (`login_session` of a profile). What has expired is not
// renewed here: that takes a proof of possession that only AWS's own programs make.
#pragma once

#include <string>

#include "recipients/aws_credentials.hpp"

namespace leafseal {

AwsCredentials aws_login_credentials(const std::string& session,
                                     const Environment& environment);  // throws Error{generic}

}  // namespace leafseal
