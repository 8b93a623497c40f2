// Reads dotenv text into a document (spec: format.md 9). What the reference reads is read as it does; in plain text we
// also take lines of blanks and indented comments, which it refuses, and dress them in the sealed file so that it can
// read that: a line of blanks becomes a comment with a mark, an indented comment moves to the first column, its
// indentation behind its token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

inline constexpr std::string_view dotenv_blank_mark = "#leafseal:blank";

Document scan_dotenv(std::string source, ParseMode mode);

// The lines of a text without their breaks; an empty one behind the last break is not a line.
std::vector<Span> lines_of(std::string_view source);
// Blanks only, at least one.
bool is_blank_line(std::string_view line);
// A line of blanks as a sealed text holds it.
bool is_marked_blank_line(std::string_view line);

}  // namespace leafseal
