#include "recipients/huawei_login.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/time.hpp"
#include "net/hosts.hpp"
#include "net/json_fields.hpp"
#include "net/metadata_host.hpp"
#include "net/url.hpp"
#include "recipients/huawei_client.hpp"
#include "recipients/huawei_endpoint.hpp"

namespace leafseal {
namespace {

constexpr const char* metadata = "http://169.254.169.254";

std::string token_in(const std::string& path) {
  std::string text = read_file(path, std::size_t{1} << 20);
  constexpr std::string_view blanks = " \t\r\n\v\f";
  text.erase(text.find_last_not_of(blanks) + 1);
  text.erase(0, std::min(text.find_first_not_of(blanks), text.size()));
  if (text.empty()) throw Error(ExitCode::generic, quoted(path, 4096) + " file content is empty");
  return text;
}

// {"credential": {"access", "secret", "securitytoken", "expires_at"}}
void take(HuaweiCredentials& credentials, const HttpResponse& response, const char* from) {
  const JsonFields fields = JsonFields::parse(response.body).object({"credential"});
  credentials.keys = {fields.text({"access"}).value_or(""), fields.text({"secret"}).value_or(""),
                      fields.text({"securitytoken"}).value_or("")};
  credentials.expires = seconds_of_rfc3339(fields.text({"expires_at"}).value_or(""));
  if (!credentials.keys.complete()) throw NoHuaweiCredentials(std::string(from) + " answers without keys");
}

HttpResponse ask_metadata(const HttpRequest& request, const Environment& environment) {
  try {
    return http(environment).send(request, environment);
  } catch (const HttpError& error) {
    throw NoHuaweiCredentials(error.what());
  }
}

// Where the token of a pod may go: to an agent on this machine, or by TLS.
void check_agent(const std::string& uri) {
  const auto url = parse_url(uri);
  if (url && (url->scheme == "https" || is_loopback(url->host) || url->host == "169.254.169.254")) return;
  throw NoHuaweiCredentials("HC_CONTAINER_CREDENTIALS_FULL_URI is no https address and not on this machine: " +
                            quoted(uri));
}

}  // namespace

void log_in_with_id_token(HuaweiCredentials& credentials, const std::string& provider, const std::string& token_file,
                          const Environment& environment) {
  const std::string endpoint = huawei_iam_endpoint(credentials.iam_endpoint, "", environment);
  HttpRequest login;
  login.method = "POST";
  login.url = endpoint + "/v3.0/OS-AUTH/id-token/tokens";
  login.headers = {{"X-Idp-Id", provider}, {"Content-Type", "application/json;charset=UTF-8"}};
  const std::string id_token = json_object({{"id", json_string(token_in(token_file))}});
  login.body = json_object({{"auth", json_object({{"id_token", id_token}})}});
  const std::string token = send_to_huawei(login, environment).header("x-subject-token");
  if (token.empty()) throw Error(ExitCode::generic, "IAM answers without a token for the identity provider " + quoted(provider));

  constexpr const char* lifetime = "21600";  // seconds
  HttpRequest exchange;
  exchange.method = "POST";
  exchange.url = endpoint + "/v3.0/OS-CREDENTIAL/securitytokens";
  exchange.headers = {{"Content-Type", "application/json;charset=UTF-8"}};
  const std::string by_token =
      json_object({{"methods", "[\"token\"]"},
                   {"token", json_object({{"id", json_string(token)}, {"duration_seconds", lifetime}})}});
  exchange.body = json_object({{"auth", json_object({{"identity", by_token}})}});
  try {
    take(credentials, send_to_huawei(exchange, environment), "IAM");
  } catch (const NoHuaweiCredentials& error) {
    throw Error(ExitCode::generic, error.what());
  }
}

HuaweiCredentials huawei_instance_credentials(const Environment& environment) {
  HttpRequest login = metadata_request("PUT", std::string(metadata) + "/meta-data/latest/api/token");
  login.headers = {{"X-Metadata-Token-Ttl-Seconds", "21600"}};
  const HttpResponse token = ask_metadata(login, environment);
  HttpRequest request = metadata_request("GET", std::string(metadata) + "/openstack/latest/securitykey");
  if (token.ok()) {
    request.headers = {{"X-Metadata-Token", token.body}};
  } else if (token.status != 404 && token.status != 405 && token.status != 503) {  // instances without tokens
    throw NoHuaweiCredentials("the metadata service answers with status " + std::to_string(token.status));
  }
  const HttpResponse response = ask_metadata(request, environment);
  if (!response.ok()) {
    throw NoHuaweiCredentials("the metadata service answers with status " + std::to_string(response.status) + ": " +
                              quoted(response.body));
  }
  HuaweiCredentials found;
  take(found, response, "the metadata service");
  return found;
}

HuaweiCredentials huawei_pod_credentials(const Environment& environment) {
  const auto uri = environment.variable("HC_CONTAINER_CREDENTIALS_FULL_URI");
  const auto token_file = environment.variable("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!uri || !token_file) {
    throw NoHuaweiCredentials(std::string(uri ? "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE" : "HC_CONTAINER_CREDENTIALS_FULL_URI") +
                              " must be set when using pod identity credential");
  }
  check_agent(*uri);
  try {
    HttpRequest request;
    request.method = "POST";
    request.url = *uri;
    request.direct = true;
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}, {"Authorization", token_in(*token_file)}};
    request.body = "{}";
    const HttpResponse response = send_to_huawei(request, environment);
    const JsonFields fields = JsonFields::parse(response.body).object({"credentials"});
    HuaweiCredentials found;
    found.keys = {fields.text({"accessKeyId"}).value_or(""), fields.text({"secretAccessKey"}).value_or(""),
                  fields.text({"securityToken"}).value_or("")};
    found.expires = seconds_of_rfc3339(fields.text({"expiration"}).value_or(""));
    if (found.keys.complete()) return found;
    throw Error(ExitCode::generic, "the answer has no keys");
  } catch (const Error& error) {
    throw NoHuaweiCredentials(std::string("failed to get credential from PodIdentityAccessor: ") + error.what());
  }
}

}  // namespace leafseal
