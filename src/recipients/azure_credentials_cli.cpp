// AzureCLICredential: the user's login in `az`.
#include <cstdio>

#include "net/json_fields.hpp"
#include "recipients/azure_sources.hpp"
#include "recipients/azure_tool.hpp"

namespace leafseal {
namespace {

// "2026-01-01 00:00:00.000000", local time: older versions print no expires_on.
std::optional<std::time_t> local_time(const std::string& text) {
  std::tm local{};
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d %2d:%2d:%2d", &local.tm_year, &local.tm_mon, &local.tm_mday,
                  &local.tm_hour, &local.tm_min, &local.tm_sec) != 6) {
    return std::nullopt;
  }
  local.tm_year -= 1900;
  local.tm_mon -= 1;
  local.tm_isdst = -1;
  const std::time_t seconds = std::mktime(&local);
  return seconds == -1 ? std::nullopt : std::optional(seconds);
}

}  // namespace

AzureToken azure_cli_token(const AzureTokenRequest& asked, const Environment& environment) {
  const AzureTokenRequest fit = fit_for_arguments(asked);
  std::vector<std::string> words = {"az", "account", "get-access-token", "-o", "json", "--resource", fit.resource};
  if (!fit.tenant.empty()) words.insert(words.end(), {"--tenant", fit.tenant});
  const SecretBytes output = run_azure_tool(std::move(words), environment);
  const JsonFields fields = JsonFields::parse(output.view());
  std::optional<std::string> token = fields.text({"accessToken"});
  if (!token || token->empty()) throw AzureUnavailable("az printed no token");
  const auto until = fields.number({"expires_on"});
  const auto time =
      until && *until != 0 ? std::optional<std::time_t>(*until) : local_time(fields.text({"expiresOn"}).value_or(""));
  if (!time) throw AzureUnavailable("error parsing token expiration time");
  return {*std::move(token), *time};
}

}  // namespace leafseal
