// AzureDeveloperCLICredential: the user's login in `azd`.
#include "net/json_fields.hpp"
#include "recipients/azure_sources.hpp"
#include "recipients/azure_tool.hpp"

namespace leafseal {

AzureToken azure_developer_cli_token(const AzureTokenRequest& asked, const Environment& environment) {
  const AzureTokenRequest fit = fit_for_arguments(asked);
  std::vector<std::string> words = {"azd", "auth", "token", "-o", "json", "--no-prompt", "--scope", fit.scope()};
  if (!fit.tenant.empty()) words.insert(words.end(), {"--tenant-id", fit.tenant});
  const SecretBytes output = run_azure_tool(std::move(words), environment);
  const JsonFields fields = JsonFields::parse(output.view());
  std::optional<std::string> token = fields.text({"token"});
  if (!token || token->empty()) throw AzureUnavailable("azd printed no token");
  const auto until = parse_utc_seconds(fields.text({"expiresOn"}).value_or(""));
  if (!until) throw AzureUnavailable("error parsing token expiration time");
  return {*std::move(token), *until};
}

}  // namespace leafseal
