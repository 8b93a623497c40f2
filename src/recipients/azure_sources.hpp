// The sources of Azure's DefaultAzureCredential (azidentity 1.14), one file each, in the order in which they are asked.
// Each gives a token, or throws AzureUnavailable or Error as recipients/azure_token.hpp says. No message holds a token,
// a secret or what a program printed to its standard output.
#pragma once

#include "recipients/azure_token.hpp"

namespace leafseal {

// AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.
AzureToken azure_environment_token(const AzureTokenRequest& asked, const Environment& environment);

// Pods of Kubernetes: the token in AZURE_FEDERATED_TOKEN_FILE, which is read each time because it is renewed there.
AzureToken azure_workload_token(const AzureTokenRequest& asked, const Environment& environment);

// App Service, Azure ML, Cloud Shell, Arc, or the metadata service of a virtual machine. `only`: no other source will
// be asked, so a metadata service that is slow to start is waited for.
AzureToken azure_managed_token(const AzureTokenRequest& asked, bool only, const Environment& environment);

// Programs in which the user is logged in: az, azd, pwsh.
AzureToken azure_cli_token(const AzureTokenRequest& asked, const Environment& environment);
AzureToken azure_developer_cli_token(const AzureTokenRequest& asked, const Environment& environment);
AzureToken azure_powershell_token(const AzureTokenRequest& asked, const Environment& environment);

}  // namespace leafseal
