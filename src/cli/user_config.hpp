// The user's own settings, $XDG_CONFIG_HOME/leafseal/config.yaml (default ~/.config). Never read from a repository.
#pragma once

#include "leafseal/environment.hpp"

namespace leafseal::cli {

bool user_wants_strict(const Environment& environment);

}  // namespace leafseal::cli
