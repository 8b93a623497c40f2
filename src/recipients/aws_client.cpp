#include "recipients/aws_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "net/json_fields.hpp"
#include "recipients/aws_endpoint.hpp"
#include "recipients/aws_time.hpp"

namespace leafseal {
namespace {

struct Refusal {
  std::string name;  // "NotFoundException", or empty
  std::string reason;
};

// JSON: {"__type": "namespace#Name", "message": ...}, the name also in a header; STS, S3: <Error><Code>, <Message>.
Refusal refusal_of(const HttpResponse& response) {
  Refusal refusal;
  if (const JsonFields fields = JsonFields::parse(response.body); fields.parsed()) {
    refusal.name = fields.text({"__type"}).value_or(fields.text({"code"}).value_or(""));
    refusal.reason = fields.text({"message"}).value_or(fields.text({"Message"}).value_or(""));
  } else if (response.body.find("<Error>") != std::string::npos) {
    return {xml_text(response.body, "Code"), xml_text(response.body, "Message")};
  } else {
    refusal.reason = response.body.substr(0, 300);
  }
  if (refusal.name.empty()) refusal.name = response.header("x-amzn-errortype");
  refusal.name = refusal.name.substr(refusal.name.find('#') + 1);
  refusal.name = refusal.name.substr(0, refusal.name.find(':'));
  return refusal;
}

// "Slow down", which the services say with status 400.
bool is_throttled(const HttpResponse& response) {
  static constexpr auto names = std::to_array<std::string_view>(
      {"ThrottlingException", "Throttling", "ThrottledException", "RequestThrottledException", "RequestThrottled",
       "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException",
       "PriorRequestNotComplete", "TransactionInProgressException", "SlowDown", "RequestTimeout",
       "RequestTimeoutException", "IDPCommunicationError"});
  if (response.ok()) return false;
  return std::find(names.begin(), names.end(), refusal_of(response).name) != names.end();
}

std::string hint_for(const Refusal& refusal, const std::string& service) {
  struct Row {
    std::string_view name;
    const char* hint;
  };
  static constexpr auto s3_rows = std::to_array<Row>({
      {"AccessDenied", "these credentials may not do this: look at the policies of the identity and of the bucket"},
      {"NoSuchBucket", "look at the rule's s3_bucket, and at the account that the credentials belong to"},
      {"AuthorizationHeaderMalformed", "the bucket lies in another region: set AWS_REGION"},
      {"InvalidAccessKeyId", "the access key is not valid: look at AWS_ACCESS_KEY_ID and the profile"},
      {"RequestTimeTooSkewed", "look at the clock of this machine"},
  });
  static constexpr auto rows = std::to_array<Row>({
      {"AccessDeniedException",
       "these credentials may not do this: look at the policies of the identity and of the key"},
      {"AccessDenied", "these credentials may not do this: look at the role's trust policy"},
      {"NotFoundException", "look at the ARN: its region, its account, its name"},
      {"InvalidCiphertextException", "the encryption context must be the one that the data key was wrapped with"},
      {"IncorrectKeyException", "the data key was wrapped by another key than the entry names"},
      {"DisabledException", "enable the key, or use another one"},
      {"KMSInvalidStateException", "look at the key's state: it may be pending deletion"},
      {"ExpiredTokenException", "the credentials have expired: log in again"},
      {"ExpiredToken", "the credentials have expired: log in again"},
      {"UnrecognizedClientException", "the access key is not valid: look at AWS_ACCESS_KEY_ID and the profile"},
      {"InvalidClientTokenId", "the access key is not valid: look at AWS_ACCESS_KEY_ID and the profile"},
      {"InvalidSignatureException", "look at the secret access key, and at the clock of this machine"},
      {"SignatureDoesNotMatch", "look at the secret access key, and at the clock of this machine"},
  });
  const auto named = [&](const Row& row) { return row.name == refusal.name; };
  if (const auto* found = std::find_if(s3_rows.begin(), s3_rows.end(), named); service == "s3" && found != s3_rows.end()) {
    return found->hint;
  }
  const auto found = std::find_if(rows.begin(), rows.end(), named);
  return found == rows.end() ? "" : found->hint;
}

Error error_of(const HttpResponse& response, const AwsRequest& request) {
  const Refusal refusal = refusal_of(response);
  std::string id = response.header("x-amzn-requestid");
  if (id.empty()) id = response.header("x-amzn-request-id");
  if (id.empty()) id = response.header("x-amz-request-id");
  if (id.empty()) id = xml_text(response.body, "RequestId");
  std::string text = "operation error " + request.operation +
                     ", https response error StatusCode: " + std::to_string(response.status) +
                     ", RequestID: " + quoted(id) + ", ";
  if (!refusal.name.empty()) text += quoted(refusal.name) + ": ";
  text += quoted(refusal.reason, 1000);
  const std::string hint = hint_for(refusal, request.service);
  return Error(ExitCode::generic, text, hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
}

// AWS_MAX_ATTEMPTS, max_attempts of the profile: all tries; 0 is as many as the time allows.
int tries_of(const AwsProfile& profile, const Environment& environment) {
  const std::string text = environment.variable("AWS_MAX_ATTEMPTS").value_or(profile.value("max_attempts"));
  if (text.empty()) return HttpRequest().tries;
  int tries = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), tries);
  if (error != std::errc() || end != text.data() + text.size() || tries < 0) {
    throw Error(ExitCode::generic, "could not load AWS config: invalid value for AWS_MAX_ATTEMPTS, " + quoted(text),
                {"write a number"});
  }
  constexpr int most = 10;
  return tries == 0 ? most : std::min(tries, most);
}

}  // namespace

HttpResponse send_to_aws(const AwsRequest& request, const AwsKeys* keys, const AwsProfile& profile,
                         const Environment& environment) {
  HttpRequest sent;
  sent.method = request.method;
  sent.url = aws_endpoint(request.service, request.region, profile, environment) + request.path;
  sent.url.insert(sent.url.find("://") + 3, request.host_prefix);
  sent.headers = request.headers;
  sent.body = request.body;
  sent.tls.ca_file = environment.variable("AWS_CA_BUNDLE").value_or(profile.value("ca_bundle"));
  sent.tries = tries_of(profile, environment);
  sent.transient = is_throttled;
  if (keys != nullptr) {
    sign_for_aws(sent, *keys, {request.region, request.service, now_of(environment)});
  }
  HttpResponse response = http(environment).send(sent, environment);
  if (response.ok()) return response;
  throw error_of(response, request);
}

std::string xml_text(const std::string& xml, const std::string& name) {
  const std::string open = "<" + name + ">";
  const std::size_t begin = xml.find(open);
  const std::size_t end = xml.find("</" + name + ">", begin);
  if (begin == std::string::npos || end == std::string::npos) return "";
  static constexpr std::pair<std::string_view, char> entities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&#34;", '"'}, {"&#39;", '\''}};
  std::string out;
  std::string_view text = std::string_view(xml).substr(begin + open.size(), end - begin - open.size());
  while (!text.empty()) {
    const auto* entity = std::find_if(std::begin(entities), std::end(entities),
                                      [&](const auto& candidate) { return text.starts_with(candidate.first); });
    const bool found = entity != std::end(entities);
    out += found ? entity->second : text.front();
    text.remove_prefix(found ? entity->first.size() : 1);
  }
  return out;
}

}  // namespace leafseal
