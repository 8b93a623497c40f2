#include "recipients/aws_role.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "leafseal/error.hpp"
#include "net/url.hpp"
#include "recipients/aws_client.hpp"
#include "recipients/aws_time.hpp"

namespace leafseal {

AwsCredentials assume_aws_role(const AwsRole& role, const AwsKeys& keys, const AwsProfile& profile,
                               const std::string& region, const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> fields = {{"Action", "AssumeRole"},
                                                             {"Version", "2011-06-15"},
                                                             {"RoleArn", role.arn},
                                                             {"RoleSessionName", role.session_name}};
  if (!role.external_id.empty()) fields.emplace_back("ExternalId", role.external_id);
  if (!role.duration_seconds.empty()) fields.emplace_back("DurationSeconds", role.duration_seconds);
  if (!role.mfa_serial.empty()) {
    fields.emplace_back("SerialNumber", role.mfa_serial);
    fields.emplace_back("TokenCode", role.mfa_code);
  }
  AwsRequest request;
  request.service = "sts";
  request.operation = "STS: AssumeRole";
  request.region = region;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = form_encode(fields);
  return credentials_of_sts(send_to_aws(request, &keys, profile, environment).body);
}

AwsCredentials credentials_of_sts(const std::string& xml) {
  AwsCredentials found;
  found.keys = {xml_text(xml, "AccessKeyId"), xml_text(xml, "SecretAccessKey"), xml_text(xml, "SessionToken")};
  found.expires = parse_aws_time(xml_text(xml, "Expiration"));
  if (!found.keys.complete()) throw Error(ExitCode::generic, "the answer of STS holds no credentials");
  return found;
}

std::string role_session_name(std::string_view host) {
  // The reference's pattern means "@-_" as a range, which has capitals, brackets and '_' in it and no '-'.
  const auto stays = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= '@' && c <= '_') || c == '=' || c == ',' ||
           c == '.';
  };
  std::string name = "sops@";
  std::copy_if(host.begin(), host.end(), std::back_inserter(name), stays);
  constexpr std::size_t most = 64;
  return name.substr(0, most);
}

std::string role_session_name() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) {
    throw Error(ExitCode::generic, "failed to construct STS session name: this machine has no name");
  }
  return role_session_name(std::string_view(host.data()));
}

}  // namespace leafseal
