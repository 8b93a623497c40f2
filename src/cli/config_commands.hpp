// The commands of `config`.
#pragma once

#include "cli/command.hpp"

namespace leafseal::cli {

extern const Command config_lint_command;
extern const Command config_explain_command;
extern const Command config_schema_command;

inline constexpr std::array config_flag = std::to_array<Flag>({
    {"config", '\0', FlagKind::text, "SOPS_CONFIG", "FILE", "use FILE instead of the .sops.yaml found"},
});

}  // namespace leafseal::cli
