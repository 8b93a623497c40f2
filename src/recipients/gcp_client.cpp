#include "recipients/gcp_client.hpp"

#include "net/json_fields.hpp"

namespace leafseal {
namespace {

std::string hint_for(const HttpResponse& response, GcpAccess& access) {
  if (JsonFields::parse(response.body).text({"error", "status"}) == "FAILED_PRECONDITION") {
    return "what is asked for is disabled or destroyed: look at its state";
  }
  switch (response.status) {
    case 401:
      return access.renewal();
    case 403:
      return "these credentials may not do this: look at the roles of the identity, and whether the API is enabled";
    case 404:
      return "look at the name of what is asked for: its project, its location";
    case 429:
      return "the project's quota is used up: wait, or look at its quotas";
    default:
      return response.status >= 500 ? "the service is out of order: try again later" : "";
  }
}

}  // namespace

std::string gcp_refusal(const HttpResponse& response) {
  const std::string status = std::to_string(response.status);
  const JsonFields fields = JsonFields::parse(response.body);
  if (const auto message = fields.text({"error", "message"})) {
    return "googleapi: Error " + status + ": " + quoted(*message, 1000);
  }
  return "googleapi: got HTTP response code " + status + " with body: " + quoted(response.body, 300);
}

HttpResponse send_to_gcp(HttpRequest request, const std::string& scope, GcpAccess& access,
                         const Environment& environment) {
  GcpToken token = access.token(scope);
  if (const std::string project = access.quota_project(); !project.empty()) {
    request.headers.emplace_back("X-Goog-User-Project", project);
  }
  request.headers.emplace_back("Authorization", "Bearer " + token.value);
  HttpResponse response = http(environment).send(request, environment);
  if (response.status == 401) {
    if (const auto another = access.token_after(token, scope)) {
      request.headers.back().second = "Bearer " + another->value;
      response = http(environment).send(request, environment);
    }
  }
  if (response.ok()) return response;
  const std::string hint = hint_for(response, access);
  throw GcpError(response.status, gcp_refusal(response),
                 hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
}

}  // namespace leafseal
