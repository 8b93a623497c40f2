#include "recipients/azure_entra.hpp"

#include <algorithm>
#include <array>

#include "leafseal/http.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

std::string hint_for(std::string_view error, std::string_view description) {
  struct Row {
    std::string_view word;
    const char* hint;
  };
  static constexpr auto rows = std::to_array<Row>({
      {"AADSTS90002", "look at AZURE_TENANT_ID: there is no such tenant at this authority (AZURE_AUTHORITY_HOST)"},
      {"AADSTS700016", "look at AZURE_CLIENT_ID: the tenant of AZURE_TENANT_ID knows no such application"},
      {"AADSTS7000215", "look at AZURE_CLIENT_SECRET: it must be the secret's value, not its id"},
      {"AADSTS7000222", "the secret in AZURE_CLIENT_SECRET has expired: make a new one"},
      {"AADSTS700027",
       "the application must know this certificate; look at its dates, and at the clock of this machine"},
      {"AADSTS70021", "the application needs a federated credential for this token's issuer and subject"},
      {"AADSTS700213", "the application needs a federated credential for this token's issuer and subject"},
      {"AADSTS700024", "the assertion is not valid now: look at the clock of this machine"},
      {"AADSTS500011", "the tenant does not know this vault's service"},
      {"invalid_tenant", "look at AZURE_TENANT_ID"},
      {"unauthorized_client", "look at AZURE_CLIENT_ID and AZURE_TENANT_ID"},
      {"invalid_client", "look at AZURE_CLIENT_SECRET, or the certificate, and when they expire"},
  });
  // A code ends where its digits end: AADSTS70021 is not AADSTS700213.
  const auto holds = [](std::string_view text, std::string_view word) {
    const std::size_t at = text.find(word);
    const std::size_t end = at + word.size();
    return at != std::string_view::npos && (end >= text.size() || text[end] < '0' || text[end] > '9');
  };
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& row) { return row.word == error || holds(description, row.word); });
  return found == rows.end() ? "" : found->hint;
}

// Entra's description goes on with numbers for its support, on lines of their own.
std::string first_words(std::string text) {
  for (const std::string_view end : {" Trace ID:", "\r\n", "\n"}) text.resize(std::min(text.find(end), text.size()));
  return text;
}

Error refusal(const std::string& source, const std::string& url, const HttpResponse& response) {
  const JsonFields fields = JsonFields::parse(response.body);
  const std::string error = fields.text({"error"}).value_or("");
  const std::string description = fields.text({"error_description"}).value_or("");
  std::string text =
      source + " authentication failed: POST " + quoted(url) + ", RESPONSE " + std::to_string(response.status) + ": ";
  if (error.empty() && description.empty()) {
    text += quoted(response.body, 300);
  } else {
    text += quoted(error) + (error.empty() || description.empty() ? "" : ": ") + quoted(first_words(description), 600);
  }
  const std::string hint = hint_for(error, description);
  return Error(ExitCode::generic, text, hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
}

}  // namespace

std::string tenant_to_ask(const AzureClientId& id, const AzureTokenRequest& asked, const Environment& environment) {
  std::string rest = environment.variable("AZURE_ADDITIONALLY_ALLOWED_TENANTS").value_or("");
  while (is_azure_tenant(asked.tenant) && !rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string item = rest.substr(0, end);
    if (item == "*" || item == asked.tenant) return asked.tenant;
    rest.erase(0, end + 1);
  }
  return id.tenant;
}

std::string entra_token_url(const std::string& tenant, const Environment& environment) {
  const std::string host = environment.variable("AZURE_AUTHORITY_HOST").value_or("https://login.microsoftonline.com/");
  const std::optional<Url> authority = parse_url(host);
  if (!authority || authority->scheme != "https" || !authority->query.empty()) {
    throw Error(ExitCode::generic, "cannot use an authority host without https",
                {"AZURE_AUTHORITY_HOST is an address such as https://login.microsoftonline.com/"});
  }
  if (!is_azure_tenant(tenant)) {
    throw Error(ExitCode::generic, "invalid tenantID: " + quoted(tenant),
                {"AZURE_TENANT_ID is the tenant's UUID or one of its domains"});
  }
  std::string path = authority->path;
  while (path.ends_with('/')) path.pop_back();
  return authority->origin() + path + "/" + tenant + (tenant == "adfs" ? "/oauth2/token" : "/oauth2/v2.0/token");
}

AzureToken entra_token(const std::string& source, const AzureClientId& id, const AzureTokenRequest& asked,
                       std::vector<std::pair<std::string, std::string>> proof, const Environment& environment) {
  HttpRequest request;
  request.method = "POST";
  request.url = entra_token_url(tenant_to_ask(id, asked, environment), environment);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  proof.insert(proof.begin(),
               {{"grant_type", "client_credentials"}, {"client_id", id.client}, {"scope", asked.scope()}});
  request.body = form_encode(proof);
  const std::time_t now = azure_now(environment);
  const HttpResponse response = [&] {
    try {
      return http(environment).send(request, environment);
    } catch (const HttpError& error) {
      throw error.under(error.code(), source + ": ");
    }
  }();
  const JsonFields fields = JsonFields::parse(response.body);
  std::optional<std::string> token = fields.text({"access_token"});
  if (response.ok() && token && !token->empty()) {
    return {*std::move(token), now + static_cast<std::time_t>(fields.number({"expires_in"}).value_or(0))};
  }
  throw refusal(source, request.url, response);
}

}  // namespace leafseal
