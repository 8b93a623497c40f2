// Credentials that a program of the user's prints: `credential_process` of a profile, a command line for the shell (AWS
// SDKs and Tools Reference, "Process credential provider").
#pragma once

#include <string>

#include "recipients/aws_credentials.hpp"

namespace leafseal {

// Throws Error{generic}; the program's output is never quoted.
AwsCredentials aws_process_credentials(const std::string& command, const Environment& environment);

}  // namespace leafseal
