// WorkloadIdentityCredential: the token that Kubernetes gives a pod stands in for the secret of an application.
#include <algorithm>

#include "base/file.hpp"
#include "recipients/azure_entra.hpp"
#include "recipients/azure_sources.hpp"

namespace leafseal {

AzureToken azure_workload_token(const AzureTokenRequest& asked, const Environment& environment) {
  const auto client = environment.variable("AZURE_CLIENT_ID");
  if (!client) throw AzureUnavailable("no client ID specified. Check pod configuration or set AZURE_CLIENT_ID");
  const auto path = environment.variable("AZURE_FEDERATED_TOKEN_FILE");
  if (!path)
    throw AzureUnavailable("no token file specified. Check pod configuration or set AZURE_FEDERATED_TOKEN_FILE");
  const auto tenant = environment.variable("AZURE_TENANT_ID");
  if (!tenant) throw AzureUnavailable("no tenant ID specified. Check pod configuration or set AZURE_TENANT_ID");
  std::string token;
  try {
    token = read_file(*path, std::size_t{1} << 20);
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, "WorkloadIdentityCredential: ");
  }
  token.erase(std::min(token.find_last_not_of(" \t\r\n") + 1, token.size()));
  return entra_token("WorkloadIdentityCredential", {*tenant, *client}, asked,
                     {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                      {"client_assertion", token}},
                     environment);
}

}  // namespace leafseal
