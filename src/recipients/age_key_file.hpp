// Reading a file of private keys into memory that is wiped.
#pragma once

#include <string>

#include "leafseal/secret.hpp"

namespace leafseal::age {

struct KeyFile {
  SecretBytes content;
  bool readable_by_others = false;  // its mode lets the group or everybody read it
};

// At most 16 MiB. Throws Error{generic} "open PATH: REASON".
KeyFile read_key_file(const std::string& path);

}  // namespace leafseal::age
