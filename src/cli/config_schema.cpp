// config schema: the JSON Schema of `.sops.yaml`, for editors and other checkers.
#include "config/schema.hpp"

#include "cli/config_commands.hpp"
#include "cli/flags.hpp"

namespace leafseal::cli {
namespace {

int run_config_schema(Environment& environment, const CommandLine&) {
  environment.out(config::schema());
  return 0;
}

}  // namespace

constinit const Command config_schema_command = {
    "schema",
    "",
    "print the JSON Schema of .sops.yaml",
    "Let an editor with a YAML language server check and complete the file; its first line then is\n"
    "# yaml-language-server: $schema=.sops.schema.json\n"
    "    leafseal config schema > .sops.schema.json\n",
    own_flags,
    run_config_schema,
};

}  // namespace leafseal::cli
