// Credentials of AWS as its local services and programs print them: a JSON object with AccessKeyId, SecretAccessKey, a
// session token, and when they expire.
#pragma once

#include <string_view>

#include "net/json_fields.hpp"
#include "recipients/aws_credentials.hpp"

namespace leafseal {

// `token`: the name of the session token's field, which differs. Incomplete keys where fields are missing.
AwsCredentials aws_credentials_of_json(const JsonFields& fields, std::string_view token);

}  // namespace leafseal
