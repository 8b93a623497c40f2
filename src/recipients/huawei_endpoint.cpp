#include "recipients/huawei_endpoint.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "net/hosts.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

// Where KMS is, after the SDK of Huawei Cloud that sops 3.13.2 uses (0.1.202).
constexpr auto kms_regions = std::to_array<std::string_view>(
    {"ae-ad-1",        "af-north-1",     "af-south-1",     "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
     "ap-southeast-4", "ap-southeast-5", "cn-east-2",      "cn-east-3",      "cn-east-4",      "cn-east-5",
     "cn-north-1",     "cn-north-11",    "cn-north-12",    "cn-north-2",     "cn-north-4",     "cn-north-9",
     "cn-south-1",     "cn-south-2",     "cn-south-4",     "cn-southwest-2", "cn-southwest-3", "eu-west-101",
     "la-north-2",     "la-south-2",     "me-east-1",      "my-kualalumpur-1", "na-mexico-1",  "ru-moscow-1",
     "sa-brazil-1",    "tr-west-1"});

// Those with a host of their own for IAM; the others are served by the global one.
constexpr auto iam_regions = std::to_array<std::string_view>(
    {"ae-ad-1",        "af-south-1",  "ap-southeast-1", "ap-southeast-2",   "ap-southeast-3", "ap-southeast-4",
     "cn-east-2",      "cn-east-3",   "cn-east-4",      "cn-east-5",        "cn-north-1",     "cn-north-12",
     "cn-north-2",     "cn-north-4",  "cn-north-9",     "cn-south-1",       "cn-south-2",     "cn-southwest-2",
     "eu-west-0",      "la-north-2",  "la-south-2",     "me-east-1",        "my-kualalumpur-1", "na-mexico-1",
     "ru-moscow-1",    "sa-brazil-1", "tr-west-1"});

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& regions, std::string_view region) {
  return std::find(regions.begin(), regions.end(), region) != regions.end();
}

std::string region_variable(const std::string& region) {
  std::string name = "HUAWEICLOUD_SDK_REGION_KMS_";
  for (const char c : region) name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return name;
}

// What goes there: a data key, or what proves who the user is.
std::string checked(std::string text, const std::string& source, const Environment& environment) {
  const auto url = parse_url(text);
  if (!url || !url->query.empty()) {
    throw Error(ExitCode::generic, source + " is no http or https address: " + quoted(text),
                {"write https://HOST or https://HOST:PORT"});
  }
  if (url->scheme != "https" && !is_loopback(url->host)) {
    const std::string what = "data keys go to " + url->origin() + " without TLS, as " + source + " says";
    if (environment.strict) throw Error(ExitCode::strict_refusal, what + ", and strict is on", {"name an https address"});
    environment.warn_once(what);
  }
  while (text.ends_with('/')) text.pop_back();
  return text;
}

// The SDK reads endpoints from a file too. It is not read here, and what it says must not be passed over.
void refuse_regions_file(const std::string& region, const Environment& environment) {
  std::optional<std::string> path = environment.variable("HUAWEICLOUD_SDK_REGIONS_FILE");
  if (!path && !environment.home().empty()) path = environment.home() + "/.huaweicloud/regions.yaml";
  if (!path || !file_exists(*path)) return;
  throw Error(ExitCode::generic, quoted(*path) + " is not read, and may name another address of this region",
              {"set " + region_variable(region) + " to the address, https://kms.REGION.myhuaweicloud.com for Huawei's own"});
}

}  // namespace

std::vector<std::string> huawei_kms_endpoints(const std::string& region, const Environment& environment) {
  if (!is_region(region)) throw Error(ExitCode::generic, "invalid region \"" + quoted(region) + "\": it is no region");
  const std::string variable = region_variable(region);
  if (const auto list = environment.variable(variable)) {
    std::vector<std::string> endpoints;
    for (std::string_view rest = *list; !rest.empty();) {
      const std::string_view item = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(item.size() + 1, rest.size()));
      endpoints.push_back(checked(std::string(item), variable, environment));
    }
    return endpoints;
  }
  refuse_regions_file(region, environment);
  if (!contains(kms_regions, region)) {
    throw Error(ExitCode::generic, "invalid region \"" + quoted(region) + "\": Huawei Cloud KMS is not known to be there",
                {"a new region: set " + variable + " to its address"});
  }
  return {"https://kms." + region + (region == "eu-west-101" ? ".myhuaweicloud.eu" : ".myhuaweicloud.com")};
}

std::string huawei_iam_endpoint(const std::string& configured, const std::string& region,
                                const Environment& environment) {
  constexpr const char* variable = "HUAWEICLOUD_SDK_IAM_ENDPOINT";
  const auto full = [](const std::string& text) {
    return text.find("://") == std::string::npos ? "https://" + text : text;
  };
  if (!configured.empty()) return checked(full(configured), "iam_endpoint of the credentials file", environment);
  if (const auto named = environment.variable(variable)) return checked(full(*named), variable, environment);
  if (!contains(iam_regions, region)) return "https://iam.myhuaweicloud.com";
  return "https://iam." + region + ".myhuaweicloud.com";
}

}  // namespace leafseal
