// Refusing to seal what is sealed already, or what is no document at all.
#pragma once

#include "leafseal/environment.hpp"
#include "leafseal/format.hpp"

namespace leafseal::cli {

void refuse_empty(const Document& plain);  // Error{no_document}
// Error{already_encrypted}. A binary file is never refused; if it looks sealed there is a warning.
void refuse_encrypted(const Environment& environment, const Format& format, const Document& plain);
Error already_encrypted();

}  // namespace leafseal::cli
