// `set --generate SPEC`: a random value that nobody sees.
//
//   LENGTH | alnum:LENGTH   letters and digits        ascii:LENGTH    letters, digits and punctuation
//   digits:LENGTH                                     uuid            version 4
//   hex:BYTES               random bytes in lower-case hexadecimal
//   base64:BYTES            the same in base64; base64url:BYTES without padding and without + and /
#pragma once

#include <string>

#include "leafseal/secret.hpp"

namespace leafseal::cli {

// Throws Error{conflicting_parameters} for what is no SPEC. Lengths go from 1 to 4096.
SecretBytes generate_value(const std::string& spec);

}  // namespace leafseal::cli
