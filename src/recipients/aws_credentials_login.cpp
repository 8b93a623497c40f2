#include "recipients/aws_credentials_login.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "net/hmac.hpp"
#include "net/json_fields.hpp"
#include "recipients/aws_time.hpp"

namespace leafseal {

AwsCredentials aws_login_credentials(const std::string& session, const Environment& environment) {
  std::string directory = environment.variable("AWS_LOGIN_CACHE_DIRECTORY").value_or("");
  if (directory.empty()) directory = environment.home() + "/.aws/login/cache";
  const std::string path = directory + "/" + hex(sha256(session)) + ".json";
  if (file_exists(path)) {
    const JsonFields fields = JsonFields::parse(read_file(path, std::size_t{1} << 20)).object({"accessToken"});
    AwsCredentials found;
    found.keys = {fields.text({"accessKeyId"}).value_or(""), fields.text({"secretAccessKey"}).value_or(""),
                  fields.text({"sessionToken"}).value_or("")};
    found.expires = parse_aws_time(fields.text({"expiresAt"}).value_or(""));
    if (found.keys.complete() && found.expires && *found.expires > now_of(environment)) return found;
  }
  throw Error(ExitCode::generic, "login session has expired, please reauthenticate", {"log in: aws login"});
}

}  // namespace leafseal
