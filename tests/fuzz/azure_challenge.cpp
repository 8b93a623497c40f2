// A WWW-Authenticate header of any bytes: what is taken from it asks for a token for the vault's own domain, and the
// tenant is a name.
#include <cstddef>
#include <cstdint>

#include "recipients/azure_hosts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  static const Url vault = checked_vault_url("https://v.vault.azure.net", Environment());
  try {
    const AzureTokenRequest asked = checked_challenge({reinterpret_cast<const char*>(data), size}, vault);
    const auto resource = parse_url(asked.resource);
    if (!resource || resource->scheme != "https" || resource->host != "vault.azure.net") __builtin_trap();
    if (!asked.tenant.empty() && !is_azure_tenant(asked.tenant)) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
