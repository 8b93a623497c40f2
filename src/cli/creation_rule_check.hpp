// What a sealed file and its creation rule do not agree on, when the file is written again under its own metadata
// (security.md I10, I11). The metadata is not authenticated: whoever can change the file can add himself to its
// recipients or make its selection miss the next secret. Strict mode refuses, Error{strict_refusal}; otherwise it is told.
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "leafseal/creation_rules.hpp"
#include "leafseal/format.hpp"
#include "leafseal/leaf_cipher.hpp"
#include "leafseal/metadata.hpp"

namespace leafseal::cli {

// The rule for a file that exists already, which needs none: nothing without a config, without a match, or when the
// rule is bad (said, not thrown).
std::optional<CreationRule> rule_to_compare(const Environment& environment, const std::optional<Config>& config,
                                            const std::string& file);

// The recipients of a rule, Azure keys without a version in the version that the file has.
KeyGroups in_versions_of(const KeyGroups& file, KeyGroups rule);

// I11: the recipients that the data key is about to be wrapped for.
void compare_recipients(const Environment& environment, const std::optional<CreationRule>& rule, const KeyGroups& keys);

// I10: names each path of the sealed text that is stored in clear and would be encrypted under the rule.
void compare_selection(const Environment& environment, const std::optional<CreationRule>& rule, const Format& format,
                       const std::string& sealed, LeafCipher& cipher);

// "age1..., FP"; of several groups "group 1: age1...; group 2: FP".
std::string recipient_names(const KeyGroups& keys);

}  // namespace leafseal::cli
