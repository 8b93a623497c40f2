#include "recipients/vault_hosts.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "leafseal/error.hpp"
#include "net/hosts.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

constexpr const char* allow_list = "SOPS_HC_VAULT_ALLOWLIST";

// The URL prefixes, each ending in a slash, so "https://vault.example.com" is no prefix of
// "https://vault.example.com.evil".
std::vector<std::string> prefixes_of(std::string_view list) {
  std::vector<std::string> prefixes;
  for (bool more = true; more;) {
    const std::size_t comma = list.find(',');
    more = comma != std::string_view::npos;
    std::string_view item = list.substr(0, comma);
    list.remove_prefix(more ? comma + 1 : list.size());
    const std::size_t begin = std::min(item.find_first_not_of(' '), item.size());
    item = item.substr(begin, item.find_last_not_of(' ') + 1 - begin);
    if (item.empty()) {
      throw Error(ExitCode::generic,
                  std::string(allow_list) + "'s entry " + std::to_string(prefixes.size() + 1) + " is empty");
    }
    prefixes.emplace_back(item);
    if (!item.ends_with('/')) prefixes.back() += '/';
  }
  return prefixes;
}

bool is_listed(const std::string& address, std::string_view list) {
  const std::string directory = address.ends_with('/') ? address : address + '/';
  const std::vector<std::string> prefixes = prefixes_of(list);
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return directory.starts_with(prefix); });
}

// Host and port of the user's own server.
std::string users_own_place(const Environment& environment) {
  const std::optional<Url> own = parse_url(users_vault_address(environment));
  return own ? own->host + ":" + std::to_string(own->port) : "";
}

bool is_users_own(const Url& url, const Environment& environment) {
  return url.host + ":" + std::to_string(url.port) == users_own_place(environment);
}

void warn_or_refuse(const std::string& what, const Environment& environment) {
  if (environment.strict) {
    throw Error(ExitCode::strict_refusal, what + ", and strict is on",
                {std::string("if it may have the token, name it: ") + allow_list + "=URL, or VAULT_ADDR"});
  }
  environment.warn_once(what + "; name the servers that may have it in " + allow_list);
}

}  // namespace

void check_vault_host(const std::string& address, const Environment& environment) {
  const std::string list = environment.variable("SOPS_HC_VAULT_ALLOWLIST").value_or("");
  if (!list.empty() && list != "all") {
    if (list != "none" && is_listed(address, list)) return;
    throw Error(ExitCode::generic, "Allowlist does not allow " + quoted(address));
  }
  if (environment.variable("VAULT_AGENT_ADDR")) return;  // the user's own choice, and where the request goes
  const std::optional<Url> url = parse_url(address);
  if (!url) return;  // no request goes there
  if (url->scheme == "http" && !is_loopback(url->host)) {
    return warn_or_refuse("the Vault token goes to " + quoted(url->origin()) + " without TLS", environment);
  }
  if (!list.empty() || is_users_own(*url, environment)) return;
  warn_or_refuse("the Vault token goes to " + quoted(url->origin()) + ", which the file names and VAULT_ADDR does not",
                 environment);
}

std::string users_vault_address(const Environment& environment) {
  return environment.variable("VAULT_ADDR").value_or("https://127.0.0.1:8200");
}

void check_vault_destination(const std::string& address, const Environment& environment) {
  const std::optional<Url> url = parse_url(address);
  if (!url) return;  // no request goes there
  const std::string what = "the Vault token and the decrypted values go to " + quoted(url->origin());
  if (url->scheme == "http" && !is_loopback(url->host)) return warn_or_refuse(what + " without TLS", environment);
  const std::string list = environment.variable(allow_list).value_or("");
  if (list == "all" || is_users_own(*url, environment)) return;
  if (!list.empty() && list != "none" && is_listed(address, list)) return;
  warn_or_refuse(what + ", which .sops.yaml names and VAULT_ADDR does not", environment);
}

}  // namespace leafseal
