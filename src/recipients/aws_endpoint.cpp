#include "recipients/aws_endpoint.hpp"

#include <algorithm>
#include <array>

#include "base/go_values.hpp"
#include "leafseal/error.hpp"
#include "net/hosts.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

// A partition of AWS: regions whose names begin alike, in a domain of their own.
struct Partition {
  std::string_view regions;
  std::string_view domain;
  std::string_view dual_stack_domain;
};

// The last one is that of all other regions, known or not yet.
constexpr std::array partitions = std::to_array<Partition>({
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"", "amazonaws.com", "api.aws"},
});

std::string host_name_of(const std::string& service) {
  if (service == "sso") return "portal.sso";
  return service == "sso_oidc" ? "oidc" : service;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

bool is_on(const char* variable, const char* key, const AwsProfile& profile, const Environment& environment) {
  const std::string text = environment.variable(variable).value_or(profile.value(key));
  if (text.empty()) return false;
  const auto truth = parse_go_bool(text);
  if (!truth) throw Error(ExitCode::generic, std::string("could not parse ") + variable, {"write true or false"});
  return *truth;
}

// What the user configured, most specific first, and where.
std::pair<std::string, std::string> configured(const std::string& service, const AwsProfile& profile,
                                               const Environment& environment) {
  if (is_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", profile, environment)) return {};
  const std::string specific = "AWS_ENDPOINT_URL_" + upper(service);
  for (const std::string& variable : {specific, std::string("AWS_ENDPOINT_URL")}) {
    if (auto url = environment.variable(variable)) return {*url, variable};
  }
  const std::string source = "endpoint_url of the AWS profile " + quoted(profile.name());
  std::string url = profile.service_value(service, "endpoint_url");
  return {url.empty() ? profile.value("endpoint_url") : std::move(url), source};
}

void check_configured(const std::string& service, const std::string& text, const std::string& source,
                      const Environment& environment) {
  const auto url = parse_url(text);
  if (!url || !url->query.empty()) {
    throw Error(ExitCode::generic, source + " is no http or https address: " + quoted(text),
                {"write https://HOST or https://HOST:PORT"});
  }
  if (url->scheme == "https" || is_loopback(url->host)) return;
  const std::string what = std::string(service == "s3" ? "files" : "data keys") + " go to " + url->origin() + " without TLS, as " + source + " says";
  if (environment.strict) throw Error(ExitCode::strict_refusal, what + ", and strict is on", {"name an https address"});
  environment.warn_once(what);
}

}  // namespace

std::string aws_endpoint(const std::string& service, const std::string& region, const AwsProfile& profile,
                         const Environment& environment) {
  if (!is_region(region)) throw Error(ExitCode::generic, "no region of AWS: " + quoted(region));
  auto [url, source] = configured(service, profile, environment);
  if (!url.empty()) {
    check_configured(service, url, source, environment);
    while (url.ends_with('/')) url.pop_back();
    return url;
  }
  const bool dual = is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", profile, environment);
  bool fips = is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", profile, environment);
  if (service == "sts" && region.starts_with("us-gov-") && !dual) fips = false;  // its plain endpoint is one
  const Partition& partition = *std::find_if(partitions.begin(), partitions.end(), [&](const Partition& candidate) {
    return std::string_view(region).starts_with(candidate.regions);
  });
  const std::string host = host_name_of(service) + (fips ? "-fips." : ".");
  if (service == "s3") {  // which has its dual stack in the plain domain
    return "https://" + host + (dual ? "dualstack." : "") + region + "." + std::string(partition.domain);
  }
  return "https://" + host + region + "." + std::string(dual ? partition.dual_stack_domain : partition.domain);
}

}  // namespace leafseal
