// The two files in which AWS's programs keep profiles: ~/.aws/config with sections [profile NAME], and
// ~/.aws/credentials with [NAME], whose values win; AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name others (spec:
// recipients.md 5.3). They are the user's own, so they may name programs and hosts. A file that cannot be read counts
// as empty, as it does for AWS's SDK.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "leafseal/environment.hpp"

namespace leafseal {

struct AwsSection {
  std::map<std::string, std::string> values;  // keys in lower case
  // Indented lines below a key without a value: services of [services X].
  std::map<std::string, std::map<std::string, std::string>> nested;
  std::string partial_keys;  // the file that has half a pair of static keys here, or empty

  std::string value(const std::string& key) const;  // empty if absent
};

// Sections by name: "NAME" for profiles, "sso-session NAME" and "services NAME" for the rest.
using AwsSections = std::map<std::string, AwsSection>;

AwsSections read_aws_config_files(const Environment& environment);

// One text of either file, for tests. `needs_prefix`: of the config file, whose profiles are [profile NAME].
AwsSections parse_aws_config(std::string_view text, bool needs_prefix);

}  // namespace leafseal
