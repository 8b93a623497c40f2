// The proof of a workload that a program prints, as JSON (AIP-4117, "Executable-sourced credentials"). It runs only
// where the user's environment has GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1, which is Google's own rule.
#pragma once

#include <string>

#include "recipients/gcp_subject_token.hpp"

namespace leafseal {

// `executable`: the member of that name, with command, timeout_millis, output_file. Throws Error{generic}.
void check_gcp_executable(const JsonFields& executable, const std::string& origin);

// From output_file while what it holds is good, else from the program, which writes that file itself.
std::string gcp_executable_subject_token(const JsonFields& executable, const GcpAudience& audience,
                                         const Environment& environment);

}  // namespace leafseal
