#include "recipients/gcp_credentials_impersonated.hpp"

#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "recipients/gcp_client.hpp"
#include "recipients/gcp_credentials_json.hpp"
#include "recipients/gcp_token_endpoint.hpp"

namespace leafseal {
namespace {

std::string json_array(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + json_string(text);
  return "[" + out + "]";
}

Error refusal(const HttpResponse& response) {
  Error error(ExitCode::generic, "credentials: unable to generate access token: " +
                                     (response.ok() ? "the answer has none" : gcp_refusal(response)));
  if (response.status == 403) {
    error.hint("who acts as the service account needs roles/iam.serviceAccountTokenCreator on it");
  } else {
    error.hint("look at service_account_impersonation_url in the credentials");
  }
  return error;
}

class Impersonated final : public GcpTokenSource {
 public:
  Impersonated(GcpImpersonation account, std::unique_ptr<const GcpTokenSource> own, const std::string& origin,
               const Environment& environment)
      : environment_(environment), account_(std::move(account)), own_(std::move(own)) {
    check_gcp_address(account_.url, "service_account_impersonation_url in " + origin, environment);
  }

  GcpToken token(const std::string& scope) const override {
    HttpRequest request;
    request.method = "POST";
    request.url = account_.url;
    request.headers = {
        {"Content-Type", "application/json"},
        {"Authorization", "Bearer " + own_->token("https://www.googleapis.com/auth/cloud-platform").value}};
    std::vector<std::pair<std::string, std::string>> members = {
        {"lifetime", json_string(std::to_string(account_.lifetime) + "s")}, {"scope", json_array({scope})}};
    if (!account_.delegates.empty()) members.emplace_back("delegates", json_array(account_.delegates));
    request.body = json_object(members);
    const HttpResponse response = http(environment_).send(request, environment_);
    const JsonFields fields = JsonFields::parse(response.body);
    const auto value = fields.text({"accessToken"});
    if (response.ok() && value && !value->empty()) {
      return {*value, seconds_of_rfc3339(fields.text({"expireTime"}).value_or(""))};
    }
    throw refusal(response);
  }

 private:
  const Environment& environment_;
  GcpImpersonation account_;
  std::unique_ptr<const GcpTokenSource> own_;
};

}  // namespace

std::unique_ptr<const GcpTokenSource> gcp_impersonating(GcpImpersonation account,
                                                        std::unique_ptr<const GcpTokenSource> own,
                                                        const std::string& origin, const Environment& environment) {
  return std::make_unique<Impersonated>(std::move(account), std::move(own), origin, environment);
}

std::unique_ptr<const GcpTokenSource> gcp_impersonated(const JsonFields& fields, const std::string& origin,
                                                       const Environment& environment) {
  GcpImpersonation account;
  account.url = needed_member(fields, {"service_account_impersonation_url"}, origin);
  account.delegates = fields.texts({"delegates"});
  const JsonFields own = fields.object({"source_credentials"});
  if (!own.parsed()) {
    throw Error(ExitCode::generic, "credentials: no source_credentials in " + origin,
                {"it has the credentials of whoever acts as the account: get them anew"});
  }
  return gcp_impersonating(std::move(account), gcp_source_of_json(own, "source_credentials of " + origin, environment),
                           origin, environment);
}

}  // namespace leafseal
