#include "cli/version.hpp"

#include "leafseal/metadata.hpp"

namespace leafseal::cli {

int show_version(Environment& environment, const Options& global) {
  const std::string level(format_level);
  // Scripts take the second word of every line, so as `sops` there is nothing but the level.
  environment.out(environment.program == "sops" ? "sops " + level + "\n"
                                                : "leafseal " LEAFSEAL_VERSION " (sops " + level + ")\n");
  if (global.on("check-for-updates")) {
    environment.err(environment.program + ": warning: --check-for-updates: this program never looks for updates\n");
  }
  return 0;
}

}  // namespace leafseal::cli
