// Reads dotenv text into a document (spec: format.md 9). What the reference reads is read as it does; in plain text we
// also take lines of blanks and indented comments, which it refuses, and dress them in the sealed file so that it can
// read that: a line of blanks becomes a comment with a mark, an indented comment moves to the first column, its
// indentation behind its token.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/format.hpp"

namespace leafseal {

inline constexpr std::string_view dotenv_blank_mark = "#leafseal:blank";

Document scan_dotenv(std::string source, ParseMode mode);

// Calls visit(Span) for each line of a text, its break not in it; an empty one behind the last break is not a line.
template <class Visit>
void each_line(std::string_view source, Visit visit) {
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    visit(Span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
    at = end + 1;
  }
}
// Blanks only, at least one.
bool is_blank_line(std::string_view line);
// A line of blanks as a sealed text holds it.
bool is_marked_blank_line(std::string_view line);

}  // namespace leafseal
