// AzurePowerShellCredential: the user's login in PowerShell's Az module.
#include "base/base64.hpp"
#include "net/json_fields.hpp"
#include "recipients/azure_sources.hpp"
#include "recipients/azure_tool.hpp"

namespace leafseal {
namespace {

// Newer versions of the module give the token as a SecureString, which is opened by way of the network credential that
// takes one.
std::string script(const AzureTokenRequest& asked) {
  std::string text =
      "$ErrorActionPreference = 'Stop'\n"
      "$module = Import-Module Az.Accounts -MinimumVersion 2.2.0 -PassThru -ErrorAction SilentlyContinue\n"
      "if (-not $module) { throw 'Az.Accounts module not found' }\n"
      "$ask = @{ ResourceUrl = '" +
      asked.resource + "'; WarningAction = 'Ignore' }\n";
  if (!asked.tenant.empty()) text += "$ask['TenantId'] = '" + asked.tenant + "'\n";
  return text +
         "if ($module.Version -ge [version]'2.17.0' -and $module.Version -lt [version]'5.0.0') { "
         "$ask['AsSecureString'] = $true }\n"
         "$given = Get-AzAccessToken @ask\n"
         "$token = $given.Token\n"
         "if ($token -is [System.Security.SecureString]) { "
         "$token = [System.Net.NetworkCredential]::new('', $token).Password }\n"
         "ConvertTo-Json @{ Token = $token; ExpiresOn = $given.ExpiresOn.ToUnixTimeSeconds() }\n";
}

// UTF-16, little endian, as -EncodedCommand takes it; the script is ASCII.
std::string encoded(const std::string& ascii) {
  std::string wide;
  for (const char c : ascii) {
    wide += c;
    wide += '\0';
  }
  return base64::encode(wide);
}

}  // namespace

AzureToken azure_powershell_token(const AzureTokenRequest& asked, const Environment& environment) {
  const SecretBytes output = run_azure_tool({"pwsh", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text",
                                             "-EncodedCommand", encoded(script(fit_for_arguments(asked)))},
                                            environment);
  const JsonFields fields = JsonFields::parse(output.view());
  std::optional<std::string> token = fields.text({"Token"});
  const auto until = fields.number({"ExpiresOn"});
  if (!token || token->empty() || !until) throw AzureUnavailable("PowerShell printed no token");
  return {*std::move(token), static_cast<std::time_t>(*until)};
}

}  // namespace leafseal
