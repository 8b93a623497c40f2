#include "recipients/gcp_credentials_service_account.hpp"

#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "net/jwt.hpp"
#include "recipients/gcp_credentials_json.hpp"
#include "recipients/gcp_token_endpoint.hpp"

namespace leafseal {
namespace {

constexpr std::time_t clock_skew = 10;  // of a machine whose clock is fast
constexpr std::time_t lifetime = 3600;  // the longest that Google takes

class ServiceAccount final : public GcpTokenSource {
 public:
  ServiceAccount(const JsonFields& fields, const std::string& origin, const Environment& environment)
      : environment_(environment),
        origin_(origin),
        email_(needed_member(fields, {"client_email"}, origin)),
        key_(needed_member(fields, {"private_key"}, origin)),
        key_id_(fields.text({"private_key_id"}).value_or("")),
        token_uri_(fields.text({"token_uri"}).value_or("")),
        self_signed_(fields.text({"universe_domain"}).value_or("googleapis.com") != "googleapis.com") {
    if (token_uri_.empty()) token_uri_ = "https://oauth2.googleapis.com/token";
    if (!self_signed_) check_gcp_address(token_uri_, "token_uri in " + origin, environment);
  }

  GcpToken token(const std::string& scope) const override {
    const std::time_t issued = now_of(environment_) - clock_skew;
    if (self_signed_) return {signed_claims("sub", email_, scope, issued), issued + lifetime};
    GcpTokenRequest request;
    request.url = token_uri_;
    request.form = {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                    {"assertion", signed_claims("aud", token_uri_, scope, issued)}};
    request.hint = "look at the account's keys, this one may be deleted or disabled, and at the clock of this machine";
    return ask_token_endpoint(request, environment_);
  }

 private:
  // `name`: of the claim that says whom the token is for.
  std::string signed_claims(const std::string& name, const std::string& value, const std::string& scope,
                            std::time_t issued) const {
    std::vector<std::pair<std::string, std::string>> header = {{"alg", json_string("RS256")},
                                                               {"typ", json_string("JWT")}};
    if (!key_id_.empty()) header.emplace_back("kid", json_string(key_id_));
    const std::string claims = json_object({{"iss", json_string(email_)},
                                            {name, json_string(value)},
                                            {"scope", json_string(scope)},
                                            {"iat", std::to_string(issued)},
                                            {"exp", std::to_string(issued + lifetime)}});
    try {
      return signed_jwt(json_object(header), claims, key_);
    } catch (const Error& error) {
      throw error.under(ExitCode::generic, "credentials: private_key in " + origin_ + ": ")
          .hint("it is PEM, whose line breaks JSON writes as \\n");
    }
  }

  const Environment& environment_;
  std::string origin_;
  std::string email_;
  std::string key_;
  std::string key_id_;
  std::string token_uri_;
  bool self_signed_;
};

}  // namespace

std::unique_ptr<const GcpTokenSource> gcp_service_account(const JsonFields& fields, const std::string& origin,
                                                          const Environment& environment) {
  return std::make_unique<ServiceAccount>(fields, origin, environment);
}

}  // namespace leafseal
