#include "recipients/gcp_credentials_user.hpp"

#include "recipients/gcp_credentials_json.hpp"
#include "recipients/gcp_token_endpoint.hpp"

namespace leafseal {
namespace {

class User final : public GcpTokenSource {
 public:
  User(const JsonFields& fields, const std::string& origin, const Environment& environment)
      : environment_(environment) {
    const std::string id = needed_member(fields, {"client_id"}, origin);
    const std::string secret = needed_member(fields, {"client_secret"}, origin);
    request_.form = {{"grant_type", "refresh_token"},
                     {"refresh_token", needed_member(fields, {"refresh_token"}, origin)}};
    if (fields.text({"type"}) == "authorized_user") {
      request_.url = "https://oauth2.googleapis.com/token";
      request_.form.emplace_back("client_id", id);
      request_.form.emplace_back("client_secret", secret);
    } else {
      request_.url = needed_member(fields, {"token_url"}, origin);
      request_.client_id = id;
      request_.client_secret = secret;
      check_gcp_address(request_.url, "token_url in " + origin, environment);
    }
    request_.hint = "log in again: gcloud auth application-default login";
  }

  // The scopes are those that the person agreed to at the login.
  GcpToken token(const std::string&) const override { return ask_token_endpoint(request_, environment_); }

 private:
  const Environment& environment_;
  GcpTokenRequest request_;
};

}  // namespace

std::unique_ptr<const GcpTokenSource> gcp_user(const JsonFields& fields, const std::string& origin,
                                               const Environment& environment) {
  return std::make_unique<User>(fields, origin, environment);
}

}  // namespace leafseal
