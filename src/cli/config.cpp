// config: questions about `.sops.yaml`, each a command of its own.
#include "cli/command.hpp"
#include "cli/config_commands.hpp"
#include "cli/flags.hpp"

namespace leafseal::cli {
namespace {

constexpr std::array all =
    std::to_array<const Command*>({&config_lint_command, &config_explain_command, &config_schema_command});

}  // namespace

constinit const Command config_command = {
    "config",
    "COMMAND",
    "check and explain .sops.yaml",
    "See what is wrong or doubtful in the rules:\n"
    "    leafseal config lint\n"
    "See which rule takes a file, and why:\n"
    "    leafseal config explain prod/db.yaml\n",
    own_flags,
    nullptr,
    all,
};

}  // namespace leafseal::cli
