// The text a YAML file holds: UTF-16 with a byte order mark becomes UTF-8, anything that is not text is refused.
#pragma once

#include <cstddef>
#include <string>

namespace leafseal::yaml {

struct Input {
  std::string text;         // UTF-8; a byte order mark of UTF-8 stays at its start
  std::size_t begin = 0;    // the first byte after that mark
  bool ascii = true;        // columns are byte offsets
};

// Throws Error{could_not_read_input} for invalid UTF-8 or UTF-16 and for control characters.
Input prepare_input(std::string source);

}  // namespace leafseal::yaml
