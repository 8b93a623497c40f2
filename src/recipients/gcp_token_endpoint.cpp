#include "recipients/gcp_token_endpoint.hpp"

#include "base/base64.hpp"
#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "net/hosts.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

Error refusal(const HttpResponse& response, const JsonFields& fields, const std::string& of_credentials) {
  const std::string hint =
      response.status >= 500 ? "the service that gives tokens is out of order: try again later" : of_credentials;
  std::string text = "auth: cannot fetch token: " + std::to_string(response.status);
  if (const auto code = fields.text({"error"})) {
    text = "auth: \"" + quoted(*code) + "\"";
    if (const auto reason = fields.text({"error_description"})) text += " \"" + quoted(*reason, 500) + "\"";
  } else if (const auto message = fields.text({"error", "message"})) {
    text += ": " + quoted(*message, 500);
  } else if (response.ok()) {
    return Error(ExitCode::generic, "auth: server response missing access_token",
                 {"what answers there gives no tokens"});
  }
  return Error(ExitCode::generic, text, {hint});
}

}  // namespace

GcpToken ask_token_endpoint(const GcpTokenRequest& asked, const Environment& environment) {
  HttpRequest request;
  request.method = "POST";
  request.url = asked.url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  if (!asked.client_id.empty() && !asked.client_secret.empty()) {
    request.headers.emplace_back("Authorization",
                                 "Basic " + base64::encode(asked.client_id + ":" + asked.client_secret));
  }
  request.body = form_encode(asked.form);
  const HttpResponse response = http(environment).send(request, environment);
  const JsonFields fields = JsonFields::parse(response.body);
  const auto value = fields.text({"access_token"});
  if (!response.ok() || !value || value->empty()) throw refusal(response, fields, asked.hint);
  const auto seconds = fields.number({"expires_in"});
  return {*value, seconds && *seconds > 0 ? std::optional(now_of(environment) + *seconds) : std::nullopt};
}

void check_gcp_address(const std::string& text, const std::string& named_by, const Environment& environment) {
  const auto url = parse_url(text);
  if (!url) {
    throw Error(ExitCode::generic, "credentials: " + named_by + " is no http or https address: " + quoted(text),
                {"write https://HOST/PATH"});
  }
  if (url->scheme == "https" || is_loopback(url->host)) return;
  const std::string what = "credentials go to " + url->origin() + " without TLS, as " + named_by + " says";
  if (environment.strict) throw Error(ExitCode::strict_refusal, what + ", and strict is on", {"name an https address"});
  environment.warn_once(what);
}

}  // namespace leafseal
