#include "formats/yaml_writer.hpp"

#include "base/utf8.hpp"
#include "leafseal/error.hpp"

namespace leafseal::yaml {
namespace {

bool only_breaks(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && break_length(text, at) != 0) at += break_length(text, at);
  return at == text.size();
}

// Block scalars that begin with a blank or break tell their indentation, those that end without a break or with
// several tell what becomes of it.
std::string literal_hints(std::string_view text, int indentation, int step) {
  std::string hints;
  if (text[0] == ' ' || break_length(text, 0) != 0) {
    hints += static_cast<char>('0' + (only_breaks(text) ? step : indentation));
  }
  const auto break_before = [&](std::size_t end) -> std::size_t {
    for (std::size_t length = 1; length <= 3 && length <= end; ++length) {
      if (break_length(text, end - length) == length) return length;
    }
    return 0;
  };
  const std::size_t last = break_before(text.size());
  if (last == 0) return hints + '-';
  if (last == text.size() || break_before(text.size() - last) != 0) hints += '+';
  return hints;
}

}  // namespace

void Writer::put(char c) {
  out_ += c;
  ++column_;
}

void Writer::put_text(std::string_view text) {
  for (const char c : text) column_ += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  out_ += text;
}

void Writer::put_break() {
  out_ += '\n';
  column_ = 0;
  only_indent_ = true;
}

// One character or line break, as it is.
std::size_t Writer::copy_character(std::string_view text, std::size_t at) {
  if (const std::size_t length = break_length(text, at)) {
    out_.append(text.substr(at, length));
    column_ = 0;
    only_indent_ = true;
    return length;
  }
  const std::size_t length = utf8::decode(text, at).length;
  out_.append(text.substr(at, length));
  ++column_;
  only_indent_ = false;
  return length;
}

void Writer::start_line() {
  const int to = indent < 0 ? 0 : indent;
  if (!only_indent_ || column_ > to || (column_ == to && !blank_before_)) put_break();
  if (foot_indent_ == to) put_break();
  while (column_ < to) put(' ');
  blank_before_ = true;
  foot_indent_ = -1;
}

void Writer::indicator(std::string_view text, bool wants_blank, bool opens, bool indents) {
  if (wants_blank && !blank_before_) put(' ');
  put_text(text);
  blank_before_ = opens;
  only_indent_ = only_indent_ && indents;
}

void Writer::comment(std::string_view lines) {
  if (utf8::find_invalid(lines) != lines.npos) {
    throw Error(ExitCode::error_dumping_tree, "a comment is not valid UTF-8 and cannot be written as YAML");
  }
  bool after_break = false, marked = false;
  for (std::size_t at = 0; at < lines.size();) {
    if (break_length(lines, at) != 0) {
      at += copy_character(lines, at);
      after_break = true;
      marked = false;
      continue;
    }
    if (after_break) start_line();
    if (!marked && lines[at] != '#') put_text("# ");
    marked = true;
    at += copy_character(lines, at);
    after_break = false;
  }
  if (!after_break) put_break();
  blank_before_ = true;
}

void Writer::line_comment(std::string_view lines) {
  if (!blank_before_) put(' ');
  comment(lines);
}

void Writer::tag(std::string_view tag) {
  if (tag.empty()) return;
  if (!blank_before_) put(' ');
  put_text("!!");
  put_text(tag);
  blank_before_ = only_indent_ = false;
}

void Writer::single_quoted(std::string_view text) {
  put('\'');
  only_indent_ = false;
  bool after_break = false;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_break = break_length(text, at) != 0;
    if (after_break && !is_break) start_line();
    if (text[at] == '\'') put('\'');
    at += copy_character(text, at);
    after_break = is_break;
  }
  put('\'');
}

void Writer::scalar_on_line(const ScalarForm& form) {
  tag(form.tag);
  if (!blank_before_) put(' ');
  if (form.style == Style::single_quoted) {
    single_quoted(form.text);
  } else if (form.style == Style::plain) {
    put_text(form.text);
  } else {
    std::string quoted;
    append_double_quoted(form.text, quoted);
    put_text(quoted);
  }
  blank_before_ = only_indent_ = false;
}

void Writer::literal(const ScalarForm& form, int parent, std::string_view header_comment) {
  tag(form.tag);
  indicator("|", true, false, false);
  put_text(literal_hints(form.text, indent - parent, step_));
  if (header_comment.empty()) {
    put_break();
  } else {
    line_comment(header_comment);
  }
  blank_before_ = true;
  bool after_break = true;
  for (std::size_t at = 0; at < form.text.size();) {
    if (break_length(form.text, at) != 0) {
      at += copy_character(form.text, at);
      after_break = true;
      continue;
    }
    if (after_break) start_line();
    after_break = only_indent_ = false;
    const std::size_t begin = at;
    while (at < form.text.size() && break_length(form.text, at) == 0) ++at;
    put_text(std::string_view(form.text).substr(begin, at - begin));
  }
}

}  // namespace leafseal::yaml
