#include "recipients/azure_credentials.hpp"

#include <strings.h>

#include <array>

#include "recipients/azure_sources.hpp"

namespace leafseal {
namespace {

struct Source {
  const char* name;  // as AZURE_TOKEN_CREDENTIALS and messages have it
  AzureToken (*ask)(const AzureTokenRequest& asked, bool only, const Environment& environment);
};

// A source that does not care whether it is the only one.
template <AzureToken (*Ask)(const AzureTokenRequest&, const Environment&)>
AzureToken plain(const AzureTokenRequest& asked, bool, const Environment& environment) {
  return Ask(asked, environment);
}

constexpr std::array sources = std::to_array<Source>({
    {"EnvironmentCredential", plain<azure_environment_token>},
    {"WorkloadIdentityCredential", plain<azure_workload_token>},
    {"ManagedIdentityCredential", azure_managed_token},
    {"AzureCLICredential", plain<azure_cli_token>},
    {"AzureDeveloperCLICredential", plain<azure_developer_cli_token>},
    {"AzurePowerShellCredential", plain<azure_powershell_token>},
});
constexpr std::size_t first_of_dev = 3;

struct Range {
  std::size_t begin, end;
};

Range chosen_sources(const Environment& environment) {
  const std::string choice = environment.variable("AZURE_TOKEN_CREDENTIALS").value_or("");
  if (choice.empty()) return {0, sources.size()};
  if (choice == "prod") return {0, first_of_dev};
  if (choice == "dev") return {first_of_dev, sources.size()};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (::strcasecmp(choice.c_str(), sources[i].name) == 0) return {i, i + 1};
  }
  throw Error(ExitCode::generic,
              "invalid AZURE_TOKEN_CREDENTIALS value \"" + quoted(choice) +
                  "\". Valid values are \"dev\", \"prod\", or the name of any credential type in the default chain",
              {"write dev, prod, EnvironmentCredential, WorkloadIdentityCredential, ManagedIdentityCredential, "
               "AzureCLICredential, AzureDeveloperCLICredential or AzurePowerShellCredential"});
}

}  // namespace

AzureToken find_azure_token(const AzureTokenRequest& asked, int& source, const Environment& environment) {
  const Range range = chosen_sources(environment);
  const bool only = range.end - range.begin == 1;
  const std::string failed = "DefaultAzureCredential: failed to acquire a token. Attempted credentials: ";
  std::string tried;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (source >= 0 && i != static_cast<std::size_t>(source)) continue;
    try {
      AzureToken token = sources[i].ask(asked, only, environment);
      source = static_cast<int>(i);
      return token;
    } catch (const AzureUnavailable& error) {
      tried += (tried.empty() ? "" : "; ") + std::string(sources[i].name) + ": " + error.what();
    } catch (const Error& error) {
      if (error.code() == ExitCode::strict_refusal) throw;
      throw error.under(ExitCode::generic, failed + (tried.empty() ? "" : tried + "; "));
    }
  }
  throw Error(ExitCode::generic, failed + tried,
              {"log in with `az login`, or export AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"});
}

}  // namespace leafseal
