// The text form of a stanza, as the header of an age file and the plugin protocol have it:
//
//   -> TYPE ARGUMENT ARGUMENT...     printable ASCII, one space between
//   BASE64                           no padding, lines of 64 columns, the last one shorter and perhaps empty
//
// Reading is strict: what two readers could take differently is an error.
#pragma once

#include <string>
#include <string_view>

#include "recipients/age.hpp"

namespace leafseal::age {

void append_stanza(const Stanza& stanza, std::string& out);

// Takes a stanza line by line, so it reads from a text as well as from a pipe.
class StanzaParser {
 public:
  // One line without its break. True when it was the stanza's last. Throws Error{generic}.
  bool add(std::string_view line);
  Stanza take();

 private:
  Stanza stanza_;
  bool open_ = false;
};

// Unpadded base64 of an argument; nothing if it is not.
std::optional<std::string> decode_argument(std::string_view argument);

}  // namespace leafseal::age
