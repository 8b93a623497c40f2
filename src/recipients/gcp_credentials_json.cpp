#include "recipients/gcp_credentials_json.hpp"

#include "leafseal/error.hpp"
#include "recipients/gcp_credentials_external.hpp"
#include "recipients/gcp_credentials_impersonated.hpp"
#include "recipients/gcp_credentials_service_account.hpp"
#include "recipients/gcp_credentials_user.hpp"

namespace leafseal {
namespace {

std::string renewal_of(const std::string& type) {
  if (type.ends_with("authorized_user")) return "log in again: gcloud auth application-default login";
  return "look at the credentials, and at what they may do";
}

}  // namespace

std::unique_ptr<const GcpTokenSource> gcp_source_of_json(const JsonFields& fields, const std::string& origin,
                                                         const Environment& environment) {
  const std::string type = fields.text({"type"}).value_or("");
  if (type == "service_account") return gcp_service_account(fields, origin, environment);
  if (type == "authorized_user") return gcp_user(fields, origin, environment);
  if (type == "external_account_authorized_user") return gcp_user(fields, origin, environment);
  if (type == "external_account") return gcp_external_account(fields, origin, environment);
  if (type == "impersonated_service_account") return gcp_impersonated(fields, origin, environment);
  throw Error(ExitCode::generic,
              type.empty() ? "credentials: unsupported unidentified file type: no \"type\" in " + origin
                           : "credentials: unsupported filetype \"" + quoted(type) + "\" in " + origin,
              {"service_account, authorized_user, external_account and impersonated_service_account are served"});
}

GcpCredentials gcp_credentials_of_json(std::string_view text, const std::string& origin,
                                       const Environment& environment) {
  const JsonFields fields = JsonFields::parse(text);
  if (!fields.parsed()) {
    throw Error(ExitCode::generic, "credentials: " + origin + " is no JSON object",
                {"give the path of a file of credentials" +
                 std::string(origin == "GOOGLE_CREDENTIALS" ? " that is there, or its content" : "")});
  }
  GcpCredentials found;
  found.source = gcp_source_of_json(fields, origin, environment);
  found.universe = fields.text({"universe_domain"}).value_or("");
  if (found.universe.empty()) found.universe = "googleapis.com";
  found.quota_project = quota_project_of_environment(environment);
  if (found.quota_project.empty()) found.quota_project = fields.text({"quota_project_id"}).value_or("");
  found.renewal = renewal_of(fields.text({"type"}).value_or(""));
  return found;
}

std::string quota_project_of_environment(const Environment& environment) {
  return environment.variable("GOOGLE_CLOUD_QUOTA_PROJECT").value_or("");
}

std::string needed_member(const JsonFields& fields, JsonFields::Path path, const std::string& origin) {
  if (auto text = fields.text(path); text && !text->empty()) return *std::move(text);
  throw Error(ExitCode::generic, "credentials: no " + std::string(*(path.end() - 1)) + " in " + origin,
              {"the credentials are not whole, or of another kind than their type says: get them anew"});
}

}  // namespace leafseal
