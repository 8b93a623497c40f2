// Comments of INI files: one or several lines above a key or section and a part behind it make one comment with one
// token (spec: format.md 10). What its lines looked like beyond that is a layout record: the lines as they stand in the
// source, and where there is a part behind, that part in a line of its own, closed by a break.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "leafseal/document.hpp"
#include "leafseal/span.hpp"

namespace leafseal {

// The text of a comment from its lines, each from its mark to its break: white space at the end, and the marks and
// blanks it begins with, do not count.
std::string_view ini_comment_text(std::string_view lines);

void seal_ini_comment(const Document& document, NodeId comment, std::string_view token, Edits& edits);
// What open_ini_comment() would not give back; empty if nothing.
std::string ini_comment_record(const Document& document, NodeId comment);
void open_ini_comment(const Document& document, NodeId comment, std::string_view text, std::string_view record,
                      Edits& edits);

}  // namespace leafseal
