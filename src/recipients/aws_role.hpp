// Roles of AWS, taken on at the Security Token Service: temporary keys for keys that one has (spec: recipients.md 5.2).
#pragma once

#include <string>
#include <string_view>

#include "recipients/aws_credentials.hpp"

namespace leafseal {

struct AwsRole {
  std::string arn;
  std::string session_name;  // stands in the account's logs
  std::string external_id;   // and what follows: empty where there is none
  std::string duration_seconds;
  std::string mfa_serial;
  std::string mfa_code;
};

// Throws Error{generic} with the service's reason.
AwsCredentials assume_aws_role(const AwsRole& role, const AwsKeys& keys, const AwsProfile& profile,
                               const std::string& region, const Environment& environment);

// The credentials in an answer of STS. Throws Error{generic} when it has none.
AwsCredentials credentials_of_sts(const std::string& xml);

// "sops@HOST", as the reference names its sessions: without the characters that STS does not take, 64 at most.
std::string role_session_name(std::string_view host);
std::string role_session_name();  // of this machine

}  // namespace leafseal
