#include "recipients/gcp_credentials_external.hpp"

#include "leafseal/error.hpp"
#include "recipients/gcp_credentials_impersonated.hpp"
#include "recipients/gcp_credentials_json.hpp"
#include "recipients/gcp_subject_token.hpp"
#include "recipients/gcp_token_endpoint.hpp"

namespace leafseal {
namespace {

class ExternalAccount final : public GcpTokenSource {
 public:
  ExternalAccount(const JsonFields& fields, const std::string& origin, const Environment& environment)
      : environment_(environment), source_(fields.object({"credential_source"})) {
    audience_.name = needed_member(fields, {"audience"}, origin);
    audience_.token_type = needed_member(fields, {"subject_token_type"}, origin);
    audience_.impersonation = fields.text({"service_account_impersonation_url"}).value_or("");
    request_.url = fields.text({"token_url"}).value_or("");
    if (request_.url.empty()) request_.url = "https://sts.googleapis.com/v1/token";
    check_gcp_address(request_.url, "token_url in " + origin, environment);
    check_gcp_subject_source(source_, origin, environment);
    request_.client_id = fields.text({"client_id"}).value_or("");
    request_.client_secret = fields.text({"client_secret"}).value_or("");
    user_project_ = fields.text({"workforce_pool_user_project"}).value_or("");
    request_.hint = "look at the provider's audience, its attribute conditions, and the subject's token";
  }

  GcpToken token(const std::string& scope) const override {
    GcpTokenRequest request = request_;
    request.form = {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                    {"audience", audience_.name},
                    {"scope", scope},
                    {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                    {"subject_token_type", audience_.token_type},
                    {"subject_token", gcp_subject_token(source_, audience_, environment_)}};
    if (!user_project_.empty() && request.client_id.empty()) {
      request.form.emplace_back("options", json_object({{"userProject", json_string(user_project_)}}));
    }
    return ask_token_endpoint(request, environment_);
  }

 private:
  const Environment& environment_;
  JsonFields source_;
  GcpAudience audience_;
  GcpTokenRequest request_;
  std::string user_project_;  // that pays, where the subject is a person of a workforce pool
};

}  // namespace

std::unique_ptr<const GcpTokenSource> gcp_external_account(const JsonFields& fields, const std::string& origin,
                                                           const Environment& environment) {
  auto own = std::make_unique<ExternalAccount>(fields, origin, environment);
  GcpImpersonation account;
  account.url = fields.text({"service_account_impersonation_url"}).value_or("");
  if (account.url.empty()) return own;
  if (const auto seconds = fields.number({"service_account_impersonation", "token_lifetime_seconds"})) {
    account.lifetime = *seconds;
  }
  return gcp_impersonating(std::move(account), std::move(own), origin, environment);
}

}  // namespace leafseal
