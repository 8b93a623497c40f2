#include "recipients/aws_credentials.hpp"

#include <algorithm>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "recipients/aws_credentials_container.hpp"
#include "recipients/aws_credentials_instance.hpp"
#include "recipients/aws_credentials_login.hpp"
#include "recipients/aws_credentials_process.hpp"
#include "recipients/aws_credentials_sso.hpp"
#include "recipients/aws_credentials_web_identity.hpp"
#include "recipients/aws_role.hpp"

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
  return {profile.value("aws_access_key_id"), profile.value("aws_secret_access_key"),
          profile.value("aws_session_token")};
}

class Chain {
 public:
  Chain(const AwsProfile& caller, const std::string& region, const Environment& environment)
      : caller_(caller), region_(region), environment_(environment) {}

  AwsCredentials find() {
    if (!caller_.named_by_key()) {
      if (AwsKeys keys = keys_of_environment(environment_); keys.complete()) return {std::move(keys), std::nullopt};
      if (const auto file = environment_.variable("AWS_WEB_IDENTITY_TOKEN_FILE")) {
        return assume_with_web_identity({*file, environment_.variable("AWS_ROLE_ARN").value_or(""),
                                         environment_.variable("AWS_ROLE_SESSION_NAME").value_or("")},
                                        caller_, region_, environment_);
      }
    }
    return of_profile(caller_);
  }

 private:
  // The profile's own source of keys, and then the role that it names.
  AwsCredentials of_profile(const AwsProfile& profile) {
    const bool again = std::find(seen_.begin(), seen_.end(), profile.name()) != seen_.end();
    const bool top = seen_.empty();
    seen_.push_back(profile.name());
    if (!again) check_types(profile);
    // A profile that is its own source, directly or not, stands there with its keys alone.
    const std::string source = again ? "" : profile.value("source_profile");
    const std::string role = again ? "" : profile.value("role_arn");
    AwsCredentials found;
    if (AwsKeys keys = keys_of_profile(profile); keys.complete() && (!top || source.empty())) {
      found.keys = std::move(keys);
    } else if (!source.empty()) {
      found = of_source(profile.other(source), profile);
    } else if (const std::string file = profile.value("web_identity_token_file"); !file.empty()) {
      return assume_with_web_identity({file, role, profile.value("role_session_name")}, caller_, region_, environment_);
    } else {
      found = of_service(profile);
    }
    return role.empty() ? found : with_role(profile, role, found);
  }

  AwsCredentials of_source(const AwsProfile& source, const AwsProfile& profile) {
    if (!has_own_source(source)) {
      throw Error(ExitCode::generic, "could not load AWS config: failed to load assume role " +
                                         quoted(profile.value("role_arn")) + ", of profile " + quoted(source.name()) +
                                         ", which has no credentials");
    }
    return of_profile(source);
  }

  static bool has_own_source(const AwsProfile& profile) {
    for (const char* key :
         {"source_profile", "credential_source", "credential_process", "web_identity_token_file", "login_session"}) {
      if (!profile.value(key).empty()) return true;
    }
    return has_sso(profile) || keys_of_profile(profile).complete();
  }

  static void check_types(const AwsProfile& profile) {
    int types = 0;
    for (const char* key : {"source_profile", "credential_source", "web_identity_token_file", "credential_process"}) {
      if (profile.value(key).empty()) continue;
      ++types;
      if (key != std::string_view("credential_process") && profile.value("role_arn").empty()) {
        throw Error(ExitCode::generic, std::string("could not load AWS config: credential type ") + key +
                                           " requires role_arn, profile " + quoted(profile.name()));
      }
    }
    if (types < 2) return;
    throw Error(ExitCode::generic,
                "could not load AWS config: only one credential type may be specified per profile: source profile, "
                "credential source, credential process, web identity token");
  }

  // What the profile says, else the container's or the machine's own.
  AwsCredentials of_service(const AwsProfile& profile) {
    if (const std::string source = profile.value("credential_source"); !source.empty()) return of_named(source);
    if (has_sso(profile)) return aws_sso_credentials(profile, caller_, environment_);
    if (const std::string session = profile.value("login_session"); !session.empty()) {
      return aws_login_credentials(session, environment_);
    }
    if (const std::string command = profile.value("credential_process"); !command.empty()) {
      return aws_process_credentials(command, environment_);
    }
    if (has_aws_container(environment_)) return aws_container_credentials(environment_);
    try {
      return aws_instance_credentials(caller_, environment_);
    } catch (const Error& error) {
      throw none_found(error);
    }
  }

  AwsCredentials of_named(const std::string& source) {
    if (source == "Ec2InstanceMetadata") return aws_instance_credentials(caller_, environment_);
    if (source == "EcsContainer") {
      if (has_aws_container(environment_)) return aws_container_credentials(environment_);
      throw Error(ExitCode::generic,
                  "EcsContainer was specified as the credential_source, but neither "
                  "'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI' or AWS_CONTAINER_CREDENTIALS_FULL_URI' was set");
    }
    if (source != "Environment") {
      throw Error(ExitCode::generic,
                  "credential_source values must be EcsContainer, Ec2InstanceMetadata, or Environment");
    }
    if (AwsKeys keys = keys_of_environment(environment_); keys.complete()) return {std::move(keys), std::nullopt};
    throw Error(ExitCode::generic,
                "Environment was specified as the credential_source, but AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY are not both set");
  }

  AwsCredentials with_role(const AwsProfile& profile, const std::string& arn, const AwsCredentials& own) {
    AwsRole role;
    role.arn = arn;
    role.session_name = profile.value("role_session_name");
    if (role.session_name.empty()) role.session_name = role_session_name();
    role.external_id = profile.value("external_id");
    role.duration_seconds = profile.value("duration_seconds");
    role.mfa_serial = profile.value("mfa_serial");
    if (!role.mfa_serial.empty()) role.mfa_code = mfa_code(role.mfa_serial);
    return assume_aws_role(role, own.keys, caller_, region_, environment_);
  }

  std::string mfa_code(const std::string& serial) const {
    auto code = environment_.ask ? environment_.ask("MFA code of " + quoted(serial) + ": ") : std::nullopt;
    if (code && !code->empty()) return *std::move(code);
    throw Error(ExitCode::generic, "assume role with MFA enabled, and there is no terminal to ask for the code",
                {"run it in a terminal, or get keys before: aws sts assume-role --serial-number " + quoted(serial)});
  }

  Error none_found(const Error& last) const {
    std::string tried;
    if (!caller_.named_by_key()) {
      tried = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set; no AWS_WEB_IDENTITY_TOKEN_FILE; ";
    }
    for (const std::string& name : seen_) {
      const bool there = name != caller_.name() || caller_.present();
      tried += "the profile " + quoted(name) + (there ? " names no source" : " is in no file") + "; ";
    }
    tried += std::string("no AWS_CONTAINER_CREDENTIALS_*_URI; EC2 metadata: ") + last.what();
    return Error(ExitCode::generic, "no AWS credentials: " + tried,
                 {"export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in AWS_PROFILE"});
  }

  const AwsProfile& caller_;  // by its settings all requests are made
  const std::string& region_;
  const Environment& environment_;
  std::vector<std::string> seen_;  // names of profiles, to end circles
};

}  // namespace

AwsCredentials find_aws_credentials(const AwsProfile& profile, const std::string& region,
                                    const Environment& environment) {
  return Chain(profile, region, environment).find();
}

}  // namespace leafseal
