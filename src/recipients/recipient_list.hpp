// Recipients as people write them, in flags, variables and `.sops.yaml`, made into entries without `enc` and
// `created_at`. What the reference checks at this point is checked here, with its phrases; all else when wrapping.
// Throws Error{generic}.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "leafseal/recipient.hpp"

namespace leafseal {

// What AWS recipients of one list have in common.
struct AwsSettings {
  std::string profile;
  std::vector<std::pair<std::string, std::string>> context;
};

// The recipients of a comma list, as it stands in a flag or a plain field of a rule.
std::vector<RecipientEntry> parse_recipient_list(RecipientKind kind, std::string_view list,
                                                 const AwsSettings& aws = {});

RecipientEntry age_recipient(std::string_view text);
RecipientEntry pgp_recipient(std::string_view fingerprint);  // blanks are taken out
RecipientEntry kms_recipient(std::string arn, std::string role, const AwsSettings& aws);
RecipientEntry gcp_recipient(std::string_view resource_id);  // blanks are taken out
RecipientEntry hckms_recipient(std::string_view key_id);
// An empty version stands for the newest one, which is asked for when the key is used (RecipientRegistry::complete).
RecipientEntry azure_recipient(std::string vault_url, std::string name, std::string version);
RecipientEntry vault_recipient(std::string_view uri);

}  // namespace leafseal
