// How the reference prints one YAML scalar: in which style, with which text, under which tag. Everything that leafseal
// itself adds to a YAML file (new keys and values, metadata fields, whole canonical documents) is spelt by these rules
// (spec: format.md 6.4), so a file looks the same whoever wrote to it last.
#pragma once

#include <string>
#include <string_view>

#include "leafseal/document.hpp"
#include "leafseal/value.hpp"

namespace leafseal::yaml {

// A scalar as it will be printed. `text` is the value to print, still without quotes and escapes: the decimal digits of
// a float, the base64 of bytes that are not UTF-8.
struct ScalarForm {
  Style style = Style::plain;  // plain, single_quoted, double_quoted or literal
  std::string_view tag = {};   // without its "!!"; empty for none
  std::string text;
  bool several_lines = false;  // holds any line break of YAML 1.1: cannot stand as a simple key
};

ScalarForm canonical_form(ScalarType type, std::string_view canonical_text);
inline ScalarForm canonical_key(std::string_view key) { return canonical_form(ScalarType::string, key); }

// The scalar on one line: plain or quoted, its tag before it. A literal form is printed double-quoted, a plain one that
// would not stand in a flow collection single-quoted there.
std::string one_line(const ScalarForm& form, bool in_flow);

void append_double_quoted(std::string_view text, std::string& out);

// Words and digits that a reader of YAML 1.1 takes for a boolean or a base 60 number (`yes`, `12:30`): the reference
// quotes them, and so does leafseal unless it knows that the author did not.
bool special_in_yaml_1_1(std::string_view text);

// The length of the line break (LF, CR, NEL, LS, PS) at `at`; 0 where there is none.
std::size_t break_length(std::string_view text, std::size_t at);

}  // namespace leafseal::yaml
