#include "recipients/gcp_subject_token_aws.hpp"

#include <algorithm>
#include <array>

#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "net/aws_sigv4.hpp"
#include "net/hosts.hpp"
#include "net/metadata_host.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

// The instance's metadata service, at the addresses that the credentials name.
class Instance {
 public:
  Instance(const JsonFields& source, const Environment& environment) : source_(source), environment_(environment) {}

  AwsKeys keys() {
    const std::string url = source_.text({"url"}).value_or("");
    std::string role = ask(url, "url");
    role.erase(std::min(role.find_first_of("\r\n"), role.size()));
    const JsonFields fields = JsonFields::parse(ask(url + "/" + percent_encode(role), "url"));
    AwsKeys keys = {fields.text({"AccessKeyId"}).value_or(""), fields.text({"SecretAccessKey"}).value_or(""),
                    fields.text({"Token"}).value_or("")};
    if (keys.complete()) return keys;
    throw Error(ExitCode::generic, "credentials: the metadata service of AWS has no keys for the role " + quoted(role));
  }

  // The answer is a zone, "us-east-2b".
  std::string region() {
    std::string zone = ask(source_.text({"region_url"}).value_or(""), "region_url");
    if (!zone.empty()) zone.pop_back();
    return zone;
  }

 private:
  std::string ask(const std::string& url, const std::string& named_by) {
    if (url.empty()) throw Error(ExitCode::generic, "credentials: no credential_source." + named_by);
    const std::string session = session_token();
    return send("GET", url, session.empty() ? "" : "X-aws-ec2-metadata-token", session);
  }

  std::string session_token() {
    const std::string url = source_.text({"imdsv2_session_token_url"}).value_or("");
    if (session_.empty() && !url.empty()) session_ = send("PUT", url, "X-aws-ec2-metadata-token-ttl-seconds", "300");
    return session_;
  }

  std::string send(const std::string& method, const std::string& url, const std::string& header,
                   const std::string& value) const {
    HttpRequest request = metadata_request(method, url);
    if (!header.empty()) request.headers = {{header, value}};
    const HttpResponse response = http(environment_).send(request, environment_);
    if (response.ok()) return response.body;
    throw Error(ExitCode::generic,
                "credentials: the metadata service of AWS answers with status " + std::to_string(response.status));
  }

  const JsonFields& source_;
  const Environment& environment_;
  std::string session_;
};

// [{"key": NAME, "value": VALUE},...], as Google's STS wants the headers of the request.
std::string as_json(const HttpRequest& request, const std::string& host) {
  std::string headers = json_object({{"key", json_string("Host")}, {"value", json_string(host)}});
  for (const auto& [name, value] : request.headers) {
    headers += "," + json_object({{"key", json_string(name)}, {"value", json_string(value)}});
  }
  return json_object(
      {{"url", json_string(request.url)}, {"method", json_string("POST")}, {"headers", "[" + headers + "]"}});
}

}  // namespace

void check_gcp_aws_source(const JsonFields& source, const std::string& origin) {
  if (source.text({"environment_id"}) != "aws1") {
    throw Error(ExitCode::generic, "credentials: aws version '" +
                                       quoted(source.text({"environment_id"}).value_or("").substr(3)) +
                                       "' is not supported in " + origin);
  }
  static constexpr auto services = std::to_array<std::string_view>({"169.254.169.254", "fd00:ec2::254"});
  for (const char* name : {"url", "region_url", "imdsv2_session_token_url"}) {
    const std::string text = source.text({name}).value_or("");
    const auto url = parse_url(text);
    if (text.empty()) continue;
    if (url && (is_loopback(url->host) || std::find(services.begin(), services.end(), url->host) != services.end())) {
      continue;
    }
    throw Error(ExitCode::generic, std::string("credentials: credential_source.") + name + " in " + origin +
                                       " is not AWS's metadata service: " + quoted(text));
  }
}

std::string gcp_aws_subject_token(const JsonFields& source, const GcpAudience& audience,
                                  const Environment& environment) {
  const auto variable = [&](const char* name) { return environment.variable(name).value_or(""); };
  Instance instance(source, environment);
  AwsKeys keys = {variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN")};
  if (!keys.complete()) keys = instance.keys();
  std::string region = environment.variable("AWS_REGION").value_or(variable("AWS_DEFAULT_REGION"));
  if (region.empty()) region = instance.region();
  if (!is_region(region)) throw Error(ExitCode::generic, "credentials: no region of AWS: " + quoted(region));

  HttpRequest request;
  request.method = "POST";
  request.url = source.text({"regional_cred_verification_url"})
                    .value_or("https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15");
  constexpr std::string_view hole = "{region}";
  if (const std::size_t at = request.url.find(hole); at != std::string::npos) {
    request.url.replace(at, hole.size(), region);
  }
  const auto url = parse_url(request.url);
  if (!url) throw Error(ExitCode::generic, "credentials: no address to verify keys of AWS at: " + quoted(request.url));
  request.headers = {{"X-Goog-Cloud-Target-Resource", audience.name}};
  sign_for_aws(request, keys, {region, url->host.substr(0, url->host.find('.')), now_of(environment)});
  return percent_encode(as_json(request, url->host_and_port()));
}

}  // namespace leafseal
