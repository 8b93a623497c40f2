// The metadata of a file that is about to be sealed: recipients, selection and options from the flags, the variables
// and the creation rule, in that order of precedence (spec: config.md 6).
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "leafseal/creation_rules.hpp"
#include "leafseal/metadata.hpp"

namespace leafseal::cli {

// What is needed before the file is read. The keys are not wrapped yet. Throws Error{generic} "error loading config:
// ...", Error{conflicting_parameters} for two selectors, Error{invalid_kms_context}.
Metadata new_metadata(const Environment& environment, const CommandLine& line, const std::optional<Config>& config,
                      const std::string& name, FormatId input_format);

}  // namespace leafseal::cli
