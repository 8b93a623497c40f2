// The pen of canonical YAML emission: it knows the column, whether the line is still blank, and when a comment at the
// foot of a block needs a blank line after it, and so decides by itself where breaks and blanks go. The reference's
// output is what these few rules make of a tree, odd places included.
#pragma once

#include <string>
#include <string_view>

#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {

class Writer {
 public:
  explicit Writer(int step) : step_(step) {}

  int step() const { return step_; }
  int indent = -1;  // of the block at hand; -1 before a document's root

  bool at_line_start() const { return column_ == 0; }
  // Breaks the line unless it is blank, and fills up to the indent.
  void start_line();
  // An indicator such as "-" or "{"; `opens` says that what follows needs no blank, `indents` that it counts as
  // indentation.
  void indicator(std::string_view text, bool wants_blank, bool opens, bool indents);
  // Lines that begin with '#'; ends with a break. Not UTF-8: Error{error_dumping_tree}.
  void comment(std::string_view lines);
  // A comment behind what stands on the line.
  void line_comment(std::string_view lines);
  // The next line at this indent is set off by a blank one.
  void mark_foot() { foot_indent_ = indent < 0 ? 0 : indent; }
  void clear_foot() { foot_indent_ = -1; }

  void scalar_on_line(const ScalarForm& form);
  // `|`, its hints, the comment on the header's line, and the content at the current indent; `parent` is the indent
  // that a reader counts from.
  void literal(const ScalarForm& form, int parent, std::string_view header_comment);

  std::string take() { return std::move(out_); }

 private:
  void put(char c);
  void put_text(std::string_view text);
  void put_break();
  std::size_t copy_character(std::string_view text, std::size_t at);
  void single_quoted(std::string_view text);
  void tag(std::string_view tag);

  std::string out_;
  int step_;
  int column_ = 0;
  int foot_indent_ = -1;
  bool blank_before_ = true;   // the last thing written was a blank or break
  bool only_indent_ = true;  // nothing but indentation stands on the line
};

}  // namespace leafseal::yaml
