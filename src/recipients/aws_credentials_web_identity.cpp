#include "recipients/aws_credentials_web_identity.hpp"

#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "net/url.hpp"
#include "recipients/aws_client.hpp"
#include "recipients/aws_role.hpp"

namespace leafseal {

AwsCredentials assume_with_web_identity(const AwsWebIdentity& identity, const AwsProfile& profile,
                                        const std::string& region, const Environment& environment) {
  if (identity.role_arn.empty()) {
    throw Error(ExitCode::generic, "role ARN is not set",
                {"set AWS_ROLE_ARN beside AWS_WEB_IDENTITY_TOKEN_FILE, or role_arn in the profile"});
  }
  std::string token;
  try {
    token = read_file(identity.token_file, std::size_t{1} << 20);
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, "failed to retrieve jwt from provide source, ");
  }
  AwsRequest request;
  request.service = "sts";
  request.operation = "STS: AssumeRoleWithWebIdentity";
  request.region = region;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body =
      form_encode({{"Action", "AssumeRoleWithWebIdentity"},
                   {"Version", "2011-06-15"},
                   {"RoleArn", identity.role_arn},
                   {"RoleSessionName", identity.session_name.empty() ? role_session_name() : identity.session_name},
                   {"WebIdentityToken", token}});
  return credentials_of_sts(send_to_aws(request, nullptr, profile, environment).body);
}

}  // namespace leafseal
