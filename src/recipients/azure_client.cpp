#include "recipients/azure_client.hpp"

#include <algorithm>
#include <array>

#include "net/json_fields.hpp"
#include "recipients/azure_hosts.hpp"

namespace leafseal {
namespace {

// Of 2022; every vault of every cloud knows it, and later ones differ in nothing that is used here.
constexpr std::string_view api_version = "?api-version=7.4";

struct Refusal {
  std::string code;   // "Forbidden"
  std::string inner;  // "AccessDenied", or empty
  std::string message;
};

Refusal refusal_of(const HttpResponse& response) {
  const JsonFields fields = JsonFields::parse(response.body);
  if (!fields.object({"error"}).parsed()) return {"", "", response.body.substr(0, 300)};
  return {fields.text({"error", "code"}).value_or(""), fields.text({"error", "innererror", "code"}).value_or(""),
          fields.text({"error", "message"}).value_or("")};
}

std::string hint_for(const Refusal& refusal, int status) {
  struct Row {
    std::string_view code;
    const char* hint;
  };
  static constexpr auto rows = std::to_array<Row>({
      {"ForbiddenByFirewall", "the vault's firewall does not let this machine in"},
      {"ForbiddenByConnection", "the vault takes connections by its private endpoint only"},
      {"ForbiddenByPolicy", "this identity needs the key permissions encrypt, decrypt and get in the vault's policies"},
      {"AccessDenied", "this identity needs the key permissions encrypt, decrypt and get in the vault's policies"},
      {"ForbiddenByRbac", "this identity needs a role such as Key Vault Crypto User on the key"},
      {"KeyDisabled", "enable this version of the key, or use another one"},
      {"KeyNotFound", "look at the name and the version of the key; a deleted one can be recovered for some time"},
      {"Forbidden", "this identity may not use the key: it needs the role Key Vault Crypto User, or key permissions"},
      {"BadParameter", "the data key was wrapped by another key, or by another version of it, than the entry names"},
  });
  for (const std::string& code : {refusal.inner, refusal.code}) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.code == code; });
    if (found != rows.end()) return found->hint;
  }
  return status == 401 ? "the vault does not take the token: look at the tenant and the cloud (AZURE_TENANT_ID, "
                         "AZURE_AUTHORITY_HOST), and at the clock of this machine"
                       : "";
}

Error error_of(const HttpResponse& response) {
  const Refusal refusal = refusal_of(response);
  std::string text = "RESPONSE " + std::to_string(response.status);
  if (!refusal.code.empty()) text += ", ERROR CODE: " + quoted(refusal.code);
  text += ": " + quoted(refusal.message, 600);
  const std::string hint = hint_for(refusal, response.status);
  return Error(ExitCode::generic, text, hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
}

class Sending {
 public:
  Sending(const AzureVaultRequest& asked, AzureAccess& access, const Environment& environment)
      : asked_(asked),
        access_(access),
        environment_(environment),
        vault_(checked_vault_url(asked.vault_url, environment)) {}

  HttpResponse run() {
    HttpResponse response;
    std::optional<AzureTokenRequest> wanted = access_.known_challenge(vault_.origin());
    if (!wanted) {
      response = send("");
      if (response.status != 401) throw no_challenge(response);
      wanted = learn(response);
    }
    for (const bool last : {false, true}) {
      const std::string token = access_.token(*wanted);
      response = send(token);
      if (response.ok()) return response;
      if (response.status != 401 || last) break;
      access_.forget_token(*wanted, token);
      if (!response.header("www-authenticate").empty()) wanted = learn(response);
    }
    throw error_of(response);
  }

 private:
  // Without a token the body stays here too: it holds a data key.
  HttpResponse send(const std::string& token) const {
    HttpRequest request;
    request.method = asked_.method;
    request.url = vault_.origin() + asked_.path + std::string(api_version);
    request.headers = {{"Accept", "application/json"}};
    if (!token.empty()) {
      request.headers.emplace_back("Authorization", "Bearer " + token);
      request.body = asked_.body;
      if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    }
    return http(environment_).send(request, environment_);
  }

  AzureTokenRequest learn(const HttpResponse& response) {
    const AzureTokenRequest wanted = checked_challenge(response.header("www-authenticate"), vault_);
    access_.learn_challenge(vault_.origin(), wanted);
    return wanted;
  }

  static Error no_challenge(const HttpResponse& response) {
    if (!response.ok()) return error_of(response);
    return Error(ExitCode::generic, "the vault asks for no token", {"what answers there is no Azure Key Vault"});
  }

  const AzureVaultRequest& asked_;
  AzureAccess& access_;
  const Environment& environment_;
  Url vault_;
};

}  // namespace

HttpResponse send_to_azure_vault(const AzureVaultRequest& asked, AzureAccess& access, const Environment& environment) {
  return Sending(asked, access, environment).run();
}

}  // namespace leafseal
