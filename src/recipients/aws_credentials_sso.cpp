#include "recipients/aws_credentials_sso.hpp"

#include <optional>
#include <vector>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "net/hmac.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"
#include "recipients/aws_client.hpp"
#include "recipients/aws_time.hpp"

namespace leafseal {
namespace {

// Where the settings are: in [sso-session NAME], or in the profile itself as older versions wrote them.
struct Sso {
  std::string cache;  // the file of the token, named after the session or the address where people log in
  std::string region;
  std::string account;
  std::string role;
};

Sso settings_of(const AwsProfile& profile, const Environment& environment) {
  Sso sso;
  const std::string session = profile.value("sso_session");
  sso.account = profile.value("sso_account_id");
  sso.role = profile.value("sso_role_name");
  const std::string name = session.empty() ? profile.value("sso_start_url") : session;
  if (!environment.home().empty()) sso.cache = environment.home() + "/.aws/sso/cache/" + hex(sha1(name)) + ".json";
  sso.region = profile.value("sso_region");
  if (!session.empty()) {
    const AwsSection* section = profile.section("sso-session " + session);
    if (section == nullptr) {
      throw Error(ExitCode::generic, "failed to find SSO session section, " + quoted(session),
                  {"write [sso-session " + quoted(session) + "] in ~/.aws/config"});
    }
    sso.region = section->value("sso_region");
  }
  if (sso.region.empty() || sso.account.empty() || sso.role.empty() || name.empty()) {
    throw Error(
        ExitCode::generic,
        "profile \"" + quoted(profile.name()) + "\" is configured to use SSO but is missing required configuration",
        {"it needs sso_account_id, sso_role_name, sso_region, and sso_session or sso_start_url"});
  }
  return sso;
}

// What `aws sso login` wrote, with a new token in it: for the programs of AWS, and for the next run.
void store(const std::string& path, const JsonFields& old, const JsonFields& renewed, std::time_t expires) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const std::string& name : old.names({})) {
    std::optional<std::string> value = name == "expiresAt" ? json_string(format_utc(expires)) : old.json({name});
    if (name == "accessToken" || name == "refreshToken") value = renewed.json({name}) ? renewed.json({name}) : value;
    members.emplace_back(name, value.value_or("null"));
  }
  write_file(path, json_object(members), Privacy::plaintext);
}

// A new token for the old one's refresh token, or nothing when there is none.
std::optional<std::string> renewed_token(const Sso& sso, const JsonFields& old, const AwsProfile& caller,
                                         const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> members = {{"grantType", json_string("refresh_token")}};
  for (const char* name : {"clientId", "clientSecret", "refreshToken"}) {
    const auto value = old.json({name});
    if (!value) return std::nullopt;
    members.emplace_back(name, *value);
  }
  AwsRequest request;
  request.service = "sso_oidc";
  request.operation = "SSO OIDC: CreateToken";
  request.region = sso.region;
  request.path = "/token";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = json_object(members);
  const JsonFields answer = JsonFields::parse(send_to_aws(request, nullptr, caller, environment).body);
  const auto token = answer.text({"accessToken"});
  if (token) store(sso.cache, old, answer, now_of(environment) + answer.number({"expiresIn"}).value_or(0));
  return token;
}

std::string token_of(const Sso& sso, const AwsProfile& profile, const AwsProfile& caller,
                     const Environment& environment) {
  const std::string hint = "log in: aws sso login --profile " + quoted(profile.name());
  if (!sso.cache.empty() && file_exists(sso.cache)) {
    const JsonFields cached = JsonFields::parse(read_file(sso.cache, std::size_t{1} << 20));
    const auto expires = parse_aws_time(cached.text({"expiresAt"}).value_or(""));
    auto token = cached.text({"accessToken"});
    if (token && expires && *expires > now_of(environment)) return *token;
    try {
      if ((token = renewed_token(sso, cached, caller, environment))) return *token;
    } catch (const Error& error) {
      throw Error(ExitCode::generic, std::string("unable to refresh SSO token, ") + error.what(), {hint});
    }
  }
  throw Error(ExitCode::generic, "cached SSO token is expired, or not present, and cannot be refreshed", {hint});
}

}  // namespace

bool has_sso(const AwsProfile& profile) {
  for (const char* key : {"sso_session", "sso_account_id", "sso_role_name", "sso_start_url", "sso_region"}) {
    if (!profile.value(key).empty()) return true;
  }
  return false;
}

AwsCredentials aws_sso_credentials(const AwsProfile& profile, const AwsProfile& caller,
                                   const Environment& environment) {
  const Sso sso = settings_of(profile, environment);
  AwsRequest request;
  request.service = "sso";
  request.operation = "SSO: GetRoleCredentials";
  request.region = sso.region;
  request.method = "GET";
  request.path =
      "/federation/credentials?account_id=" + percent_encode(sso.account) + "&role_name=" + percent_encode(sso.role);
  request.headers = {{"x-amz-sso_bearer_token", token_of(sso, profile, caller, environment)}};
  const JsonFields answer = JsonFields::parse(send_to_aws(request, nullptr, caller, environment).body);
  const JsonFields fields = answer.object({"roleCredentials"});
  AwsCredentials found;
  found.keys = {fields.text({"accessKeyId"}).value_or(""), fields.text({"secretAccessKey"}).value_or(""),
                fields.text({"sessionToken"}).value_or("")};
  if (const auto milliseconds = fields.number({"expiration"})) found.expires = *milliseconds / 1000;
  if (!found.keys.complete()) throw Error(ExitCode::generic, "the answer of AWS SSO holds no credentials");
  return found;
}

}  // namespace leafseal
