#include "recipients/gcp_endpoint.hpp"

#include "leafseal/error.hpp"
#include "net/hosts.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

constexpr const char* own_endpoint = "SOPS_GCP_KMS_ENDPOINT";
constexpr const char* own_universe = "SOPS_GCP_KMS_UNIVERSE_DOMAIN";

std::string configured_endpoint(const std::string& text, const Environment& environment) {
  std::string full = text.find("://") == std::string::npos ? "https://" + text : text;
  const auto url = parse_url(full);
  if (!url || !url->query.empty()) {
    throw Error(ExitCode::generic,
                std::string(own_endpoint) + " is no host and no http or https address: " + quoted(text),
                {"write cloudkms.example.com, or https://HOST:PORT"});
  }
  if (url->scheme != "https" && !is_loopback(url->host)) {
    const std::string what = "data keys go to " + url->origin() + " without TLS, as " + own_endpoint + " says";
    if (environment.strict) {
      throw Error(ExitCode::strict_refusal, what + ", and strict is on", {"name an https address"});
    }
    environment.warn_once(what);
  }
  while (full.ends_with('/')) full.pop_back();
  return full;
}

}  // namespace

std::string gcp_service_host(const std::string& service, const std::string& domain, const std::string& named_by,
                             const std::string& universe) {
  if (!universe.empty() && universe != domain) {
    throw Error(ExitCode::generic,
                "the configured universe domain (\"" + quoted(domain) +
                    "\") does not match the universe domain found in the credentials (\"" + quoted(universe) + "\")",
                {"set " + named_by + ", or use credentials of that cloud"});
  }
  const std::string host = "https://" + service + "." + domain;
  const auto url = parse_url(host);
  if (url && url->path == "/" && url->query.empty() && url->port == 443) return host;
  throw Error(ExitCode::generic, named_by + " is no domain: " + quoted(domain));
}

std::string gcp_kms_endpoint(const std::string& universe, const Environment& environment) {
  if (const auto text = environment.variable(own_endpoint)) return configured_endpoint(*text, environment);
  constexpr const char* general = "GOOGLE_CLOUD_UNIVERSE_DOMAIN";
  const bool is_general = !environment.variable(own_universe) && environment.variable(general);
  const std::string named_by = is_general ? general : own_universe;
  return gcp_service_host("cloudkms", environment.variable(named_by).value_or("googleapis.com"), named_by, universe);
}

}  // namespace leafseal
