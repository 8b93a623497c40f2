// The header of an age file: a first line, stanzas, and a MAC under the file key over all of it.
//
//   age-encryption.org/v1
//   -> TYPE ARGUMENT...
//   BODY
//   --- MAC
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "recipients/age.hpp"
#include "recipients/age_primitives.hpp"

namespace leafseal::age {

struct Header {
  std::vector<Stanza> stanzas;
  std::string mac;
  std::string_view authenticated;  // the bytes that the MAC covers: the file up to and with `---`
  std::size_t size = 0;            // of the whole header; the payload follows
};

// Throws Error{generic}. The header holds views into `file`.
Header parse_header(std::string_view file);

std::string write_header(const std::vector<Stanza>& stanzas, Bytes file_key);
Hash header_mac(Bytes file_key, std::string_view authenticated);

}  // namespace leafseal::age
