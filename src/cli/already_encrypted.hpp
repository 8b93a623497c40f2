// Refusing to seal what is sealed already.
#pragma once

#include "leafseal/environment.hpp"
#include "leafseal/format.hpp"

namespace leafseal::cli {

// Error{already_encrypted}. A binary file is never refused; if it looks sealed there is a warning.
void refuse_encrypted(const Environment& environment, const Format& format, const Document& plain);
Error already_encrypted();

}  // namespace leafseal::cli
