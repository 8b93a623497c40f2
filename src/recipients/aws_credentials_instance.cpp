#include "recipients/aws_credentials_instance.hpp"

#include "base/go_values.hpp"
#include "leafseal/error.hpp"
#include "net/metadata_host.hpp"
#include "net/url.hpp"
#include "recipients/aws_credentials_json.hpp"

namespace leafseal {
namespace {

std::string endpoint_of(const AwsProfile& profile, const Environment& environment) {
  const auto setting = [&](const char* variable, const char* key) {
    return environment.variable(variable).value_or(profile.value(key));
  };
  std::string endpoint = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
  const std::string mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
  if (endpoint.empty()) {
    endpoint = mode == "IPv6" || mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint;
}

std::string ask(HttpRequest request, const Environment& environment) {
  const HttpResponse response = http(environment).send(request, environment);
  if (response.ok()) return response.body;
  throw Error(ExitCode::generic,
              "the EC2 metadata service answers with status " + std::to_string(response.status) +
                  (response.status == 404 ? ": this instance has no role" : ""),
              {"give the instance a role, or credentials by AWS_PROFILE or AWS_ACCESS_KEY_ID"});
}

}  // namespace

AwsCredentials aws_instance_credentials(const AwsProfile& profile, const Environment& environment) {
  if (parse_go_bool(environment.variable("AWS_EC2_METADATA_DISABLED").value_or("")).value_or(false)) {
    throw Error(ExitCode::generic, "AWS_EC2_METADATA_DISABLED is set");
  }
  const std::string endpoint = endpoint_of(profile, environment);
  HttpRequest login = metadata_request("PUT", endpoint + "/latest/api/token");
  login.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "300"}};
  const std::string token = ask(std::move(login), environment);
  const auto read = [&](const std::string& path) {
    HttpRequest request = metadata_request("GET", endpoint + "/latest/meta-data/iam/security-credentials/" + path);
    request.headers = {{"X-aws-ec2-metadata-token", token}};
    return ask(std::move(request), environment);
  };
  const std::string roles = read("");
  const std::string role = roles.substr(0, roles.find_first_of("\r\n"));
  const JsonFields fields = JsonFields::parse(read(percent_encode(role)));
  AwsCredentials found = aws_credentials_of_json(fields, "Token");
  if (fields.text({"Code"}).value_or("") == "Success" && found.keys.complete()) return found;
  throw Error(ExitCode::generic,
              "the EC2 metadata service has no credentials for the role " + quoted(role) + ": " +
                  quoted(fields.text({"Message"}).value_or(fields.text({"Code"}).value_or("no JSON"))));
}

}  // namespace leafseal
