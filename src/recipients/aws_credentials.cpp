#include "recipients/aws_credentials.hpp"

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

AwsKeys keys_of_environment(const Environment& environment) {
  const auto first = [&](const char* name, const char* old_name) {
    return environment.variable(name).value_or(environment.variable(old_name).value_or(""));
  };
  return {first("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"), first("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"),
          environment.variable("AWS_SESSION_TOKEN").value_or("")};
}

AwsKeys keys_of_profile(const AwsProfile& profile) {
  return {profile.value("aws_access_key_id"), profile.value("aws_secret_access_key"), profile.value("aws_session_token")};
}

}  // namespace

AwsCredentials find_aws_credentials(const AwsProfile& profile, const std::string&, const Environment& environment) {
  if (!profile.named_by_key()) {
    if (AwsKeys keys = keys_of_environment(environment); keys.complete()) return {std::move(keys), std::nullopt};
  }
  if (AwsKeys keys = keys_of_profile(profile); keys.complete()) return {std::move(keys), std::nullopt};
  std::string tried = profile.named_by_key() ? "" : "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set; ";
  tried += "the profile " + quoted(profile.name()) + (profile.present() ? " has no keys" : " is in no file");
  throw Error(ExitCode::generic, "no AWS credentials: " + tried,
              {"export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in AWS_PROFILE"});
}

}  // namespace leafseal
