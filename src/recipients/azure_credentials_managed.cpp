// ManagedIdentityCredential: the identity that Azure gives the machine, container or function that leafseal runs in.
// The variables that the platform sets tell which of its services to ask.
#include "leafseal/http.hpp"
#include "net/json_fields.hpp"
#include "net/metadata_host.hpp"
#include "net/url.hpp"
#include "recipients/azure_arc.hpp"
#include "recipients/azure_sources.hpp"

namespace leafseal {
namespace {

constexpr const char* source = "ManagedIdentityCredential";

struct Asked {
  HttpRequest request;
  bool machine = false;  // the metadata service of a virtual machine, which may not be there
};

// The address in a variable, with a query.
HttpRequest to_platform(const char* variable, const std::string& query, const Environment& environment) {
  const std::string endpoint = environment.variable(variable).value_or("");
  const std::optional<Url> url = parse_url(endpoint);
  if (!url) {
    throw Error(ExitCode::generic,
                std::string(source) + ": " + variable + " is no http or https address: " + quoted(endpoint));
  }
  HttpRequest request;
  request.url = endpoint + (query.empty() ? "" : (url->query.empty() ? "?" : "&") + query);
  request.direct = true;
  return request;
}

void refuse_client(const std::string& client, const char* platform) {
  if (client.empty()) return;
  throw AzureUnavailable(std::string(platform) +
                         " doesn't support user-assigned managed identities: AZURE_CLIENT_ID is set");
}

Asked machine_request(const std::string& resource, const std::string& client, bool only) {
  std::string url = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=" + resource;
  if (!client.empty()) url += "&client_id=" + percent_encode(client);
  Asked asked{metadata_request("GET", url), true};
  asked.request.headers = {{"Metadata", "true"}};
  if (only) {  // there is nothing else: it may take its time, and is often busy when a machine starts
    asked.request.connect_timeout = std::chrono::seconds(3);
    asked.request.timeout = std::chrono::seconds(30);
    asked.request.tries = 5;
    asked.request.transient = [](const HttpResponse& response) {
      return response.status == 404 || response.status == 410;
    };
  }
  return asked;
}

Asked request_for(const AzureTokenRequest& asked, bool only, const Environment& environment) {
  const auto is_set = [&](const char* name) { return environment.variable(name).has_value(); };
  const std::string resource = percent_encode(asked.resource);
  const std::string client = environment.variable("AZURE_CLIENT_ID").value_or("");
  if (is_set("IDENTITY_ENDPOINT") && is_set("IDENTITY_HEADER")) {
    if (is_set("IDENTITY_SERVER_THUMBPRINT")) throw AzureUnavailable("identities of Service Fabric are not served");
    const std::string query = "api-version=2019-08-01&resource=" + resource;
    HttpRequest request = to_platform(
        "IDENTITY_ENDPOINT", client.empty() ? query : query + "&client_id=" + percent_encode(client), environment);
    request.headers = {{"X-IDENTITY-HEADER", *environment.variable("IDENTITY_HEADER")}};
    return {request};
  }
  if (is_set("MSI_ENDPOINT") && is_set("MSI_SECRET")) {  // Azure ML
    const std::string id = client.empty() ? environment.variable("DEFAULT_IDENTITY_CLIENT_ID").value_or("") : client;
    HttpRequest request = to_platform(
        "MSI_ENDPOINT", "api-version=2017-09-01&resource=" + resource + "&clientid=" + percent_encode(id), environment);
    request.headers = {{"secret", *environment.variable("MSI_SECRET")}};
    return {request};
  }
  if (is_set("MSI_ENDPOINT")) {
    refuse_client(client, "Cloud Shell");
    HttpRequest request = to_platform("MSI_ENDPOINT", "", environment);
    request.method = "POST";
    request.headers = {{"Metadata", "true"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = form_encode({{"resource", asked.resource}});
    return {request};
  }
  if (is_on_azure_arc(environment)) {
    refuse_client(client, "Azure Arc");
    return {arc_request(asked.resource, environment)};
  }
  return machine_request(resource, client, only);
}

// What stands at the address of a machine's metadata service but is none, or has no identity, is a source that is not
// there; a platform that names its service in a variable means it.
[[noreturn]] void refuse(const HttpResponse& response, const JsonFields& fields, bool machine, bool has_client) {
  const std::string reason = "RESPONSE " + std::to_string(response.status) + ": " +
                             quoted(fields.text({"error_description"}).value_or(response.body.substr(0, 300)), 600);
  if (machine) {
    if (response.ok() || (response.status == 400 && !has_client) ||
        (response.status == 403 && response.body.find("unreachable") != std::string::npos)) {
      throw AzureUnavailable("failed to authenticate a system assigned identity. The endpoint responded with " +
                             reason);
    }
    if (response.status == 400) {
      throw Error(ExitCode::generic,
                  std::string(source) + ": the requested identity isn't assigned to this resource, " + reason,
                  {"look at AZURE_CLIENT_ID: it names the identity to use"});
    }
  }
  throw Error(ExitCode::generic, std::string(source) + " authentication failed: " + reason,
              {"look at the identity of this machine, container or function in Azure"});
}

}  // namespace

AzureToken azure_managed_token(const AzureTokenRequest& asked, bool only, const Environment& environment) {
  Asked question;
  HttpResponse response;
  try {
    question = request_for(asked, only, environment);
    response = http(environment).send(question.request, environment);
  } catch (const HttpError& error) {
    if (question.machine) throw AzureUnavailable(error.what());
    throw error.under(error.code(), std::string(source) + ": ");
  }
  const JsonFields fields = JsonFields::parse(response.body);
  std::optional<std::string> token = fields.text({"access_token"});
  if (!response.ok() || !token || token->empty()) {
    refuse(response, fields, question.machine, environment.variable("AZURE_CLIENT_ID").has_value());
  }
  const std::time_t now = azure_now(environment);
  const std::time_t until = static_cast<std::time_t>(fields.number({"expires_on"}).value_or(0));
  return {*std::move(token),
          until != 0 ? until : now + static_cast<std::time_t>(fields.number({"expires_in"}).value_or(0))};
}

}  // namespace leafseal
