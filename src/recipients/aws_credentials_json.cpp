#include "recipients/aws_credentials_json.hpp"

#include "recipients/aws_time.hpp"

namespace leafseal {

AwsCredentials aws_credentials_of_json(const JsonFields& fields, std::string_view token) {
  AwsCredentials found;
  found.keys = {fields.text({"AccessKeyId"}).value_or(""), fields.text({"SecretAccessKey"}).value_or(""),
                fields.text({token}).value_or("")};
  found.expires = parse_aws_time(fields.text({"Expiration"}).value_or(""));
  return found;
}

}  // namespace leafseal
