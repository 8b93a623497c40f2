#include "formats/ini_value.hpp"

#include "formats/ini_space.hpp"

namespace leafseal {
namespace {

std::uint32_t offset(std::size_t at) { return static_cast<std::uint32_t>(at); }

// Behind the line's break, or the end of the text.
std::size_t line_end(std::string_view source, std::size_t at) {
  const std::size_t found = source.find('\n', at);
  return found == std::string_view::npos ? source.size() : found + 1;
}

// The first mark of a comment in [begin, end) up to the end of what is written there.
Span comment_in(std::string_view source, std::size_t begin, std::size_t end) {
  const std::size_t mark = find_either(source.substr(0, end), '#', ';', begin);
  if (mark == std::string_view::npos) return {};
  return {offset(mark), offset(trim_space(source, mark, end))};
}

void close_quoted(std::string_view source, std::size_t begin, std::size_t inner_end, std::size_t end, IniValue& out) {
  const std::size_t inner = begin + out.quote.size();
  const std::size_t behind = inner_end + out.quote.size();
  out.raw = source.substr(inner, inner_end - inner);
  out.span = {offset(begin), offset(behind)};
  out.comment = comment_in(source, behind, end);
  out.next = end;
}

// A value in backticks or triple quotes: to the last closing quote of the first line that has one.
void read_quoted(std::string_view source, std::size_t begin, std::size_t end, IniValue& out) {
  const std::size_t inner = begin + out.quote.size();
  std::size_t line = inner;
  for (;;) {
    const std::string_view text = source.substr(line, end - line);
    const std::size_t closing = text.rfind(out.quote);
    // Behind a closing quote on a later line a backslash continues the value once more.
    const bool goes_on = line != inner && closing != std::string_view::npos &&
                         trimmed(text.substr(closing + out.quote.size())).ends_with('\\');
    if (closing != std::string_view::npos && !goes_on) {
      close_quoted(source, begin, line + closing, end, out);
      out.comment_unread = line == inner && !out.comment.empty();
      return;
    }
    if (end == source.size()) {
      throw Error(ExitCode::could_not_read_input, "Could not unmarshal input data: missing closing key quote",
                  place_of(source, begin));
    }
    line = end;
    end = line_end(source, line);
  }
}

void read_continued(std::string_view source, std::size_t begin, std::size_t trimmed_end, std::size_t end,
                    IniValue& out) {
  out.in_source = false;
  out.decoded = source.substr(begin, trimmed_end - 1 - begin);
  std::size_t value_end = trimmed_end;
  for (;;) {
    const std::size_t line = end;
    end = line_end(source, line);
    const std::size_t first = skip_space(source, line, end);
    if (first == end) break;
    value_end = trim_space(source, first, end);
    out.decoded += source.substr(first, value_end - first);
    if (out.decoded.back() != '\\') break;
    out.decoded.pop_back();
  }
  out.span = {offset(begin), offset(value_end)};
  out.next = end;
}

// Whether a quote stands at both ends and nowhere between.
bool surrounded(std::string_view text, char quote) {
  return text.size() >= 2 && text.front() == quote && text.find(quote, 1) == text.size() - 1;
}

void read_plain(std::string_view source, std::size_t begin, std::size_t trimmed_end, std::size_t end, IniValue& out) {
  out.comment = comment_in(source, begin, trimmed_end);
  if (!out.comment.empty()) trimmed_end = trim_space(source, begin, out.comment.begin);
  std::string_view text = source.substr(begin, trimmed_end - begin);
  for (const std::string_view quote : {"\"", "'"}) {
    if (!surrounded(text, quote[0])) continue;
    out.quote = quote;
    text = text.substr(1, text.size() - 2);
    break;
  }
  out.raw = text;
  out.span = {offset(begin), offset(trimmed_end)};
  out.next = end;
}

std::string in_quotes(std::string_view value, std::string_view quote) {
  std::string out;
  out.reserve(value.size() + 2 * quote.size());
  return out.append(quote).append(value).append(quote);
}

}  // namespace

IniValue read_ini_value(std::string_view source, std::size_t at) {
  IniValue out;
  const std::size_t end = line_end(source, at);
  const std::size_t begin = skip_space(source, at, end);
  if (begin == end) {
    const std::size_t blanks = std::min(source.find_first_not_of(" \t", at), end);
    out.span = {offset(blanks), offset(blanks)};
    out.next = end;
    return out;
  }
  const std::string_view line = source.substr(begin, end - begin);
  if (line.size() > 3 && line.starts_with("\"\"\"")) out.quote = "\"\"\"";
  if (line[0] == '`') out.quote = "`";
  if (!out.quote.empty()) {
    read_quoted(source, begin, end, out);
    return out;
  }
  const std::size_t trimmed_end = trim_space(source, begin, end);
  if (source[trimmed_end - 1] == '\\') {
    read_continued(source, begin, trimmed_end, end, out);
  } else {
    read_plain(source, begin, trimmed_end, end, out);
  }
  return out;
}

bool reads_as_ini_value(std::string_view text, std::string_view rest, std::string_view value, LineEnd end) {
  std::string line;
  line.reserve(text.size() + rest.size() + 1);
  line.append(text).append(rest);
  if (end == LineEnd::line_break) line.push_back('\n');
  try {
    const IniValue read = read_ini_value(line, 0);
    const bool behind = read.comment.empty() || read.comment.begin >= text.size();
    return read.text() == value && behind && read.next == line.size() && read.span == Span{0, offset(text.size())};
  } catch (const Error&) {
    return false;
  }
}

std::string reference_ini_value(std::string_view value) {
  if (find_either(value, '\n', '`') != std::string_view::npos) return in_quotes(value, "\"\"\"");
  if (find_either(value, '#', ';') != std::string_view::npos) return in_quotes(value, "`");
  if (trimmed(value).size() != value.size()) return in_quotes(value, "\"");
  return std::string(value);
}

std::string write_ini_value(std::string_view value, std::string_view quote, std::string_view rest) {
  if (std::string own = in_quotes(value, quote); reads_as_ini_value(own, rest, value)) return own;
  if (std::string printed = reference_ini_value(value); reads_as_ini_value(printed, rest, value)) return printed;
  for (const std::string_view other : {"`", "\"\"\"", "\"", "'"}) {
    if (std::string text = in_quotes(value, other); reads_as_ini_value(text, rest, value)) return text;
  }
  throw Error(ExitCode::error_dumping_tree, "a value holds quotes and breaks that no INI file can");
}

}  // namespace leafseal
