// The values of INI files as the reference reads them: plain, in quotes, in backticks or triple quotes over several
// lines, continued behind a backslash (spec: format.md 10). And the way back: a text that reads as a given value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "leafseal/document.hpp"

namespace leafseal {

struct IniValue {
  Span span;               // as written, with its quotes
  std::string_view quote;  // ", ', ` or """; empty for a plain one
  std::string_view raw;    // the value, when it stands in the source as it is
  std::string decoded;     // else: a continued line
  bool in_source = true;
  Span comment;                 // behind the value, from its mark to its end; empty if there is none
  bool comment_unread = false;  // the reference sees no comment behind backticks and triple quotes in one line
  std::size_t next = 0;         // offset of the next line

  std::string_view text() const { return in_source ? raw : std::string_view(decoded); }
};

// The value whose delimiter ends at `at`. Throws Error{could_not_read_input} where a quote is not closed.
IniValue read_ini_value(std::string_view source, std::size_t at);

// What ends a value's line. It matters: `"""` with nothing behind it is three quotes, with a line break an open string.
enum class LineEnd : std::uint8_t { line_break, end_of_text };

// Whether `text`, with `rest` behind it on its line, reads as `value`.
bool reads_as_ini_value(std::string_view text, std::string_view rest, std::string_view value,
                        LineEnd end = LineEnd::line_break);
// A value as text, in `quote` if it can be read back from there; else as the reference prints it, else in any way that
// reads back. `rest` is what follows on the line. Throws Error{error_dumping_tree} if there is no way.
std::string write_ini_value(std::string_view value, std::string_view quote, std::string_view rest = {});
// Exactly as the reference prints it, readable or not.
std::string reference_ini_value(std::string_view value);

}  // namespace leafseal
