#include "cli/named_recipients.hpp"

#include <algorithm>
#include <map>

#include "leafseal/error.hpp"
#include "recipients/recipient_list.hpp"

namespace leafseal::cli {
namespace {

// `k:v,k2:v2`; of two values of one key the last one counts
AwsSettings aws_settings(const Environment& environment, const Options& options, BadContext bad_context) {
  AwsSettings aws;
  if (options.declares("aws-profile")) aws.profile = options.text("aws-profile").value_or("");
  std::map<std::string, std::string> context;
  const std::string text = options.text("encryption-context").value_or("");
  for (std::size_t at = 0; !text.empty() && at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string item = text.substr(at, comma - at);
    const std::size_t colon = item.find(':');
    if (colon == std::string::npos || item.find(':', colon + 1) != std::string::npos) {
      environment.warn("Encryption context contains a non-string value, context will not be used");
      if (bad_context == BadContext::dropped) return aws;
      throw Error(ExitCode::invalid_kms_context, "Invalid KMS encryption context format",
                  {"write it as KEY:VALUE,KEY:VALUE"});
    }
    context[item.substr(0, colon)] = item.substr(colon + 1);
    at = comma + 1;
  }
  aws.context.assign(context.begin(), context.end());
  return aws;
}

}  // namespace

std::vector<RecipientEntry> named_recipients(const Environment& environment, const Options& options,
                                             std::string_view prefix, BadContext bad_context) {
  using Source = std::pair<std::string_view, RecipientKind>;
  constexpr std::array sources = std::to_array<Source>({{"kms", RecipientKind::kms},
                                                        {"gcp-kms", RecipientKind::gcp_kms},
                                                        {"hckms", RecipientKind::hckms},
                                                        {"azure-kv", RecipientKind::azure_kv},
                                                        {"pgp", RecipientKind::pgp},
                                                        {"hc-vault-transit", RecipientKind::hc_vault},
                                                        {"age", RecipientKind::age}});
  const AwsSettings aws = aws_settings(environment, options, bad_context);
  std::vector<RecipientEntry> named;
  for (const auto& [flag, kind] : sources) {
    for (const std::string& list : options.list(std::string(prefix) + std::string(flag))) {
      if (list.empty()) continue;
      for (RecipientEntry& entry : parse_recipient_list(kind, list, aws)) named.push_back(std::move(entry));
    }
  }
  return named;
}

void stamp_created(std::vector<RecipientEntry>& entries, const std::string& now) {
  for (RecipientEntry& entry : entries) {
    if (entry.kind != RecipientKind::age) entry.fields.emplace_back("created_at", now);
  }
}

}  // namespace leafseal::cli
