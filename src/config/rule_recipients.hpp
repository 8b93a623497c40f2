// The recipients that a rule names, parsed and in the reference's order (spec: config.md 3.2, 3.3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config_model.hpp"
#include "leafseal/key_groups.hpp"

namespace leafseal::config {

// At least one group, which may be empty. Throws Error{generic} with the place of the first recipient that is wrong.
std::vector<KeyGroup> rule_groups(const Model& model, const RuleModel& rule);

// The same one by one, for who wants to hear of all that is wrong: each recipient with the node that names it.
struct NamedRecipient {
  const YamlNode* node = nullptr;
  std::optional<RecipientEntry> entry;
  std::string problem;  // why it is none
};
std::vector<std::vector<NamedRecipient>> named_recipients(const RuleModel& rule);
// All that the rules of a config name, well-formed ones only.
std::vector<RecipientEntry> all_recipients(const Config& config);

}  // namespace leafseal::config
