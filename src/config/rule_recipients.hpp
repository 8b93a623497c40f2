// The recipients that a rule names, parsed and in the reference's order (spec: config.md 3.2, 3.3).
#pragma once

#include <vector>

#include "config/config_model.hpp"
#include "leafseal/key_groups.hpp"

namespace leafseal::config {

// At least one group, which may be empty. Throws Error{generic} with the place of the first recipient that is wrong.
std::vector<KeyGroup> rule_groups(const Model& model, const RuleModel& rule);

}  // namespace leafseal::config
