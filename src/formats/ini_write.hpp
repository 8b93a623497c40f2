// INI lines as the reference prints them: keys of a section aligned on `=`, comments above them, values quoted where
// they need it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "leafseal/document.hpp"

namespace leafseal {

struct IniLine {
  std::string key;
  std::string value;    // as written
  std::string comment;  // its text; empty if there is none
};

// A key as written: in backticks or triple quotes where it holds quotes or delimiters.
std::string ini_key_text(std::string_view key);
void append_ini_comment(std::string& out, std::string_view comment, bool of_section, std::string_view newline);
void append_ini_lines(std::string& out, const std::vector<IniLine>& lines, std::string_view newline);

// A scalar's text as an INI value, unquoted. Throws Error{error_dumping_tree} for a container.
std::string ini_value_of(const Document& document, std::string_view key, NodeId node);
// The keys of a map as lines, each key once with its last value; comments as the reference assigns them, that of the
// section to `section_comment`.
std::vector<IniLine> ini_lines_of(const Document& document, NodeId section, std::string& section_comment,
                                  std::string (*write)(std::string_view));

}  // namespace leafseal
