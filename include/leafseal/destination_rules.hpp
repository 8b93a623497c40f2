// Destination rules: where `.sops.yaml` says that a file is published, and whether it is sealed anew for others on the
// way (spec: config.md 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "leafseal/creation_rules.hpp"
#include "leafseal/destination.hpp"

namespace leafseal {

struct DestinationRule {
  DestinationPlace destination;
  std::optional<CreationRule> recreation;  // nothing: the rule names no recipients, so the file goes as it is
  bool omit_extensions = false;
  Place place;  // of the rule in the config
};

// The first rule whose path_regex is found in the path as it was given; unlike creation rules, these do not look at the
// path below the config's folder. Throws Error{generic} with the reference's phrases: no rule takes the path, the one
// that does names two destinations or recipients that are none; and for a path_regex on the way that does not compile,
// which the reference skips.
DestinationRule destination_rule_for(const Config& config, std::string_view path_as_given);

// Whether the config has any.
bool has_destination_rules(const Config& config);

}  // namespace leafseal
