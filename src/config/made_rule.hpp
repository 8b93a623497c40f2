// A rule as it was read, made into what commands use: its recipients parsed, its selectors judged. Only the rule that
// decides gets here, so mistakes in others do not stand in the way.
#pragma once

#include "config/config_model.hpp"

namespace leafseal::config {

// Throws Error with the place of what is wrong.
CreationRule made_rule(const Model& model, const RuleModel& rule);

// The same error with a hint at the line of the config.
Error with_location(const Error& error, const std::string& config_path);

}  // namespace leafseal::config
