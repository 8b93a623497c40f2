// The variables that hold, or print, private keys: what runs for the user's convenience need not know them (security.md
// F12). Names of files are not among them: whoever runs as the user can read those anyway.
#pragma once

#include <array>

namespace leafseal::cli {

inline constexpr std::array key_variables = std::to_array<const char*>(
    {"SOPS_AGE_KEY", "SOPS_AGE_KEY_CMD", "SOPS_AGE_SSH_PRIVATE_KEY_CMD"});

}  // namespace leafseal::cli
