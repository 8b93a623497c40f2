#include "recipients/huawei_credentials.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "recipients/aws_config_files.hpp"
#include "recipients/huawei_login.hpp"

namespace leafseal {
namespace {

// What a person configured, by the names of the credentials file.
using Setting = std::function<std::string(const char* name)>;

// Like the SDK, an identity token goes before keys, and what is half there is not there.
HuaweiCredentials configured(const Setting& setting, const Environment& environment) {
  HuaweiCredentials found;
  found.project_id = setting("project_id");
  found.iam_endpoint = setting("iam_endpoint");
  const std::string provider = setting("idp_id");
  const std::string token_file = setting("id_token_file");
  if (!provider.empty() && !token_file.empty()) {
    log_in_with_id_token(found, provider, token_file, environment);
    return found;
  }
  found.keys = {setting("ak"), setting("sk"), setting("security_token")};
  if (found.keys.complete()) return found;
  throw NoHuaweiCredentials("AK&SK or IdpId&IdTokenFile does not exist");
}

HuaweiCredentials from_variables(const Environment& environment) {
  const Setting setting = [&](const char* name) {
    std::string variable = "HUAWEICLOUD_SDK_";
    for (const char* c = name; *c != '\0'; ++c) variable += *c >= 'a' && *c <= 'z' ? static_cast<char>(*c - 32) : *c;
    // The address of IAM has a variable too, which counts for all sources.
    return std::string_view(name) == "iam_endpoint" ? "" : environment.variable(variable).value_or("");
  };
  return configured(setting, environment);
}

HuaweiCredentials from_file(const Environment& environment) {
  const std::string path =
      environment.variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE").value_or(environment.home() + "/.huaweicloud/credentials");
  AwsSections sections;
  try {
    sections = parse_aws_config(read_file(path, std::size_t{1} << 20), false);  // the same kind of INI file
  } catch (const Error& error) {
    throw NoHuaweiCredentials(error.what());
  }
  const AwsSection section = sections["basic"];
  return configured([&](const char* name) { return section.value(name); }, environment);
}

}  // namespace

HuaweiCredentials find_huawei_credentials(const Environment& environment) {
  std::string reasons;
  for (const auto source : {from_variables, from_file, huawei_instance_credentials, huawei_pod_credentials}) {
    try {
      return source(environment);
    } catch (const NoHuaweiCredentials& error) {
      reasons += (reasons.empty() ? "" : "; ") + std::string(error.what());
    }
  }
  throw Error(ExitCode::generic, "unable to get credential in providers: " + reasons,
              {"set HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID, or write them into "
               "~/.huaweicloud/credentials"});
}

}  // namespace leafseal
