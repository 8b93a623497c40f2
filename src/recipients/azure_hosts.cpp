#include "recipients/azure_hosts.hpp"

#include <algorithm>
#include <array>

#include "net/hosts.hpp"

namespace leafseal {
namespace {

constexpr auto vault_domains = std::to_array<std::string_view>(
    {"vault.azure.net", "managedhsm.azure.net", "vault.azure.cn", "managedhsm.azure.cn", "vault.usgovcloudapi.net",
     "managedhsm.usgovcloudapi.net", "vault.microsoftazure.de", "managedhsm.microsoftazure.de"});

constexpr auto azures_own_authorities =
    std::to_array<std::string_view>({"login.microsoftonline.com", "login.microsoft.com", "login.windows.net",
                                     "sts.windows.net", "login.microsoftonline.us", "login.chinacloudapi.cn",
                                     "login.partner.microsoftonline.cn", "login.microsoftonline.de"});

// The domain of Azure's that a host belongs to, or empty.
std::string_view domain_of(std::string_view host) {
  const auto found = std::find_if(vault_domains.begin(), vault_domains.end(), [&](std::string_view domain) {
    return host.size() > domain.size() && is_under_domain(host, domain);
  });
  return found == vault_domains.end() ? std::string_view() : *found;
}

bool has_private_cloud(const Environment& environment) {
  const auto authority = parse_url(environment.variable("AZURE_AUTHORITY_HOST").value_or(""));
  return authority && std::find(azures_own_authorities.begin(), azures_own_authorities.end(), authority->host) ==
                          azures_own_authorities.end();
}

// The value of NAME="VALUE" or NAME=VALUE in a header; empty if absent.
std::string parameter(std::string_view header, std::string_view name) {
  for (std::size_t at = header.find(name); at != std::string_view::npos; at = header.find(name, at + 1)) {
    const bool begins = at > 0 && (header[at - 1] == ' ' || header[at - 1] == ',');
    if (!begins || !header.substr(at + name.size()).starts_with('=')) continue;
    std::string_view rest = header.substr(at + name.size() + 1);
    const bool in_quotes = rest.starts_with('"');
    if (in_quotes) rest.remove_prefix(1);
    return std::string(rest.substr(0, rest.find_first_of(in_quotes ? "\"" : ", ")));
  }
  return {};
}

}  // namespace

Url checked_vault_url(const std::string& vault_url, const Environment& environment) {
  const std::optional<Url> url = parse_url(vault_url);
  if (!url || url->scheme != "https" || url->path.find_first_not_of('/') != std::string::npos || !url->query.empty()) {
    throw Error(ExitCode::generic, "no address of an Azure Key Vault: " + quoted(vault_url),
                {"write https://VAULT.vault.azure.net"});
  }
  if (domain_of(url->host).empty() && !has_private_cloud(environment)) {
    throw Error(ExitCode::generic, quoted(url->host) + " is no host of Azure Key Vault, and gets no token",
                {"Azure's end in .vault.azure.net, .vault.azure.cn or .vault.usgovcloudapi.net; a cloud of your own is "
                 "named in AZURE_AUTHORITY_HOST"});
  }
  return *url;
}

AzureTokenRequest checked_challenge(const std::string& header, const Url& vault) {
  std::string scope = parameter(header, "scope");
  if (scope.empty()) scope = parameter(header, "resource");
  if (scope.empty()) {
    throw Error(ExitCode::generic, "could not find a valid resource in the WWW-Authenticate header",
                {"what answers there is no Azure Key Vault"});
  }
  constexpr std::string_view all_rights = "/.default";
  if (scope.ends_with(all_rights)) scope.resize(scope.size() - all_rights.size());
  const std::optional<Url> resource = parse_url(scope);
  const std::string_view domain = domain_of(vault.host);
  const bool fits =
      resource && resource->scheme == "https" && resource->query.empty() &&
      resource->path.find_first_not_of('/') == std::string::npos && vault.host.ends_with("." + resource->host) &&
      (domain.empty() ? resource->host.find('.') != std::string::npos : is_under_domain(resource->host, domain));
  if (!fits) {
    throw Error(ExitCode::generic,
                "challenge resource \"" + quoted(scope) + "\" doesn't match the requested domain " + quoted(vault.host),
                {"no token was asked for: what answers there wants one for something else"});
  }
  std::string tenant;
  if (const auto authority = parse_url(parameter(header, "authorization"))) {
    tenant = authority->path.substr(1, authority->path.find('/', 1) - 1);
  }
  return {scope, is_azure_tenant(tenant) ? tenant : ""};
}

}  // namespace leafseal
