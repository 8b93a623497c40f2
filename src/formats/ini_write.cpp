#include "formats/ini_write.hpp"

#include <algorithm>
#include <unordered_map>

#include "formats/flat_text.hpp"
#include "formats/ini_space.hpp"

namespace leafseal {
namespace {

NodeId resolved(const Document& document, NodeId node) {
  while (document[node].kind == NodeKind::alias) node = document[node].first_child;
  return node;
}

bool quoted_key(std::string_view key) { return key.find_first_of("\"=:") != std::string_view::npos; }

// What the reference counts for a key when it aligns: its length with the quotes.
std::size_t key_width(std::string_view key) {
  return key.size() + (quoted_key(key) ? 2U : key.find('`') != std::string_view::npos ? 6U : 0U);
}

}  // namespace

std::string ini_key_text(std::string_view key) {
  const std::string_view quote = quoted_key(key) ? "`" : key.find('`') != std::string_view::npos ? "\"\"\"" : "";
  return std::string(quote) + std::string(key) + std::string(quote);
}

void append_ini_comment(std::string& out, std::string_view comment, bool of_section, std::string_view newline) {
  for (std::size_t at = 0; at <= comment.size() && !comment.empty();) {
    const std::size_t end = std::min(comment.find('\n', at), comment.size());
    const std::string_view line = comment.substr(at, end - at);
    const bool marked = !line.empty() && (line[0] == '#' || line[0] == ';');
    out += marked ? std::string(1, line[0]) + " " : "; ";
    out += marked ? trimmed(line.substr(1)) : of_section ? line : trimmed(line);
    out += newline;
    at = end + 1;
  }
}

void append_ini_lines(std::string& out, const std::vector<IniLine>& lines, std::string_view newline) {
  std::size_t width = 0;
  for (const IniLine& line : lines) width = std::max(width, key_width(line.key));
  for (const IniLine& line : lines) {
    append_ini_comment(out, line.comment, false, newline);
    const std::string key = ini_key_text(line.key);
    out += key;
    out.append(width - key.size(), ' ');
    out += " = ";
    out += line.value;
    out += newline;
  }
}

std::string ini_value_of(const Document& document, std::string_view key, NodeId node) {
  const Node& at = document[resolved(document, node)];
  if (at.kind != NodeKind::scalar) {
    throw Error(ExitCode::error_dumping_tree,
                "Error marshaling to INI: cannot use complex value in INI file; offending key " + quoted(key));
  }
  return flat_text(at.type, at.text);
}

std::vector<IniLine> ini_lines_of(const Document& document, NodeId section, std::string& section_comment,
                                  std::string (*write)(std::string_view)) {
  std::vector<IniLine> lines;
  std::unordered_map<std::string_view, std::size_t> places;
  std::size_t last = 0;  // place of the last key, counted from 1
  for (NodeId id = document[section].first_child; id != no_node; id = document[id].next) {
    const Node& node = document[id];
    if (node.kind == NodeKind::comment) {
      if (node.unread || node.lost) continue;
      if (id == document[section].first_child) section_comment = node.text;
      if (last != 0) lines[last - 1].comment = node.text;
      continue;
    }
    if (node.key.empty()) {
      throw Error(ExitCode::error_dumping_tree,
                  "Error marshaling to INI: Error encoding key: error creating new key: empty key name");
    }
    const auto place = places.try_emplace(node.key, lines.size());
    if (place.second) lines.push_back({std::string(node.key), {}, {}});
    last = place.first->second + 1;
    lines[last - 1].value = write(ini_value_of(document, node.key, id));
  }
  return lines;
}

}  // namespace leafseal
