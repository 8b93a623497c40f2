#include "formats/ini_comment.hpp"

#include "formats/ini_space.hpp"
#include "formats/json_layout.hpp"

namespace leafseal {
namespace {

bool is_mark(char c) { return c == ';' || c == '#'; }

// The marks and blanks a comment begins with.
std::size_t prefix_length(std::string_view comment) {
  if (comment.empty() || !is_mark(comment[0])) return 0;
  const char strip[] = {comment[0], ' ', '\0'};
  return std::min(comment.find_first_not_of(strip), comment.size());
}

// The text behind a prefix: each further line begins with a mark of its own.
std::string rendered(std::string_view prefix, std::string_view text) {
  std::string out(prefix);
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\n' && (i + 1 == text.size() || !is_mark(text[i + 1]))) out += "; ";
  }
  return out;
}

// A comment behind a section's name cannot hold a token there: the name would end at the token's bracket.
bool behind_section(const Document& document, const Node& comment, NodeId id) {
  return comment.inline_comment && document[comment.parent].first_child == id && !comment.unread;
}

struct Record {
  std::string_view lines;   // empty: the comment stood behind its owner only
  std::string_view behind;  // with the blanks before it
};

Record split(std::string_view record) {
  if (!record.ends_with('\n')) return {record, {}};
  record.remove_suffix(1);
  const std::size_t at = record.rfind('\n');
  return at == std::string_view::npos ? Record{} : Record{record.substr(0, at), record.substr(at + 1)};
}

// Whether a record consists of comment lines that mean `text`.
bool stands_for(const Record& record, std::string_view text) {
  std::string lines;
  for (std::size_t at = 0; at < record.lines.size();) {
    const std::size_t end = std::min(record.lines.find('\n', at), record.lines.size());
    const std::size_t first = skip_space(record.lines, at, end);
    if (first != end && !is_mark(record.lines[first])) return false;
    if (first != end) lines.append(record.lines, first, end - first).push_back('\n');
    at = end + 1;
  }
  const std::size_t first = skip_space(record.behind, 0, record.behind.size());
  if (first != record.behind.size() && !is_mark(record.behind[first])) return false;
  if (record.behind.find('\n') != std::string_view::npos) return false;
  lines += record.behind.substr(first);
  return !lines.empty() && ini_comment_text(lines) == text;
}

}  // namespace

std::string_view ini_comment_text(std::string_view lines) {
  lines = trimmed(lines);
  return lines.substr(prefix_length(lines));
}

void seal_ini_comment(const Document& document, NodeId id, std::string_view token, Edits& edits) {
  const Node& comment = document[id];
  if (behind_section(document, comment, id)) {
    const std::uint32_t header = document[comment.parent].key_span.begin - 1;
    edits.push_back({{header, header}, "; " + std::string(token) + json_newline(document.source())});
    edits.push_back({comment.tag, ""});
    return;
  }
  const auto prefix = static_cast<std::uint32_t>(prefix_length(document.text(comment.span)));
  edits.push_back({{comment.span.begin + prefix, comment.span.end}, std::string(token)});
  if (!comment.inline_comment && !comment.tag.empty()) edits.push_back({comment.tag, ""});
}

std::string ini_comment_record(const Document& document, NodeId id) {
  const Node& comment = document[id];
  if (behind_section(document, comment, id)) return "\n" + std::string(document.text(comment.tag)) + "\n";
  const std::string_view lines = document.text(comment.span);
  if (!comment.inline_comment && !comment.tag.empty()) {
    // Blanks at the end of the last line are part of the text here, though they stay where they are.
    const std::string_view source = document.source();
    const std::size_t end = source.find('\n', comment.span.end);
    return std::string(source.substr(comment.span.begin, end - comment.span.begin)) + "\n" +
           std::string(document.text(comment.tag)) + "\n";
  }
  return rendered(lines.substr(0, prefix_length(lines)), comment.text) == lines ? std::string() : std::string(lines);
}

void open_ini_comment(const Document& document, NodeId id, std::string_view text, std::string_view record,
                      Edits& edits) {
  const Node& comment = document[id];
  const std::string_view lines = document.text(comment.span);
  const Record parts = split(record);
  const bool of_section = document[comment.parent].first_child == id && !comment.unread;
  if (record.empty() || comment.inline_comment || (parts.lines.empty() && !of_section) || !stands_for(parts, text)) {
    edits.push_back({comment.span, rendered(lines.substr(0, prefix_length(lines)), text)});
    return;
  }
  if (!parts.lines.empty()) {
    edits.push_back({comment.span, std::string(parts.lines.substr(0, trim_space(parts.lines, 0, parts.lines.size())))});
  } else {  // it stood behind the section's name: the line goes
    edits.push_back({{comment.span.begin, document[comment.parent].key_span.begin - 1}, ""});
  }
  if (!parts.behind.empty()) edits.push_back({comment.tag, std::string(parts.behind)});
}

}  // namespace leafseal
