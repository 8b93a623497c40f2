// `--version`: one line and no network, whatever the reference's flags say (spec: cli.md 3.16).
#pragma once

#include "cli/options.hpp"
#include "leafseal/environment.hpp"

namespace leafseal::cli {

int show_version(Environment& environment, const Options& global);

}  // namespace leafseal::cli
