// Questions on the terminal: /dev/tty, never stdin, which may carry data.
#pragma once

#include <optional>
#include <string>

#include "leafseal/secret.hpp"

namespace leafseal {

// One line without its break, not echoed. Nothing without a terminal or at its end. Whatever ends the wait (Ctrl-C,
// Ctrl-Z, a hang-up), the terminal echoes again before the signal takes effect.
std::optional<SecretBytes> ask_secret_on_terminal(const std::string& prompt);
std::optional<std::string> ask_on_terminal(const std::string& prompt);

}  // namespace leafseal
