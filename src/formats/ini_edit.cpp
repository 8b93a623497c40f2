#include "formats/ini_edit.hpp"

#include "formats/flat_text.hpp"
#include "formats/ini_scan.hpp"
#include "formats/ini_space.hpp"
#include "formats/ini_value.hpp"
#include "formats/ini_write.hpp"
#include "formats/json_layout.hpp"

namespace leafseal {
namespace {

std::string plain_value(std::string_view text) { return write_ini_value(text, ""); }

// Where the line that holds `at` ends, before its break.
std::uint32_t line_end(std::string_view source, std::uint32_t at) {
  std::size_t end = std::min(source.find('\n', at), source.size());
  if (end > at && end < source.size() && source[end - 1] == '\r') --end;
  return static_cast<std::uint32_t>(end);
}

std::uint32_t line_begin(std::string_view source, std::uint32_t at) {
  return at == 0 ? 0 : static_cast<std::uint32_t>(source.rfind('\n', at - 1) + 1);  // npos + 1 is 0
}

// `key = value` with the delimiter where the line of `like` has it.
std::string line_like(const Document& document, NodeId like, std::string_view key, const std::string& value) {
  const std::string written = ini_key_text(key);
  if (like == no_node) return written + " = " + value;
  const Node& model = document[like];
  const std::string_view source = document.source();
  const std::string_view between = source.substr(model.key_span.end, model.span.begin - model.key_span.end);
  const std::size_t delimiter = between.find_first_of("=:");
  const std::size_t column = model.key_span.size() + delimiter;
  std::size_t pad = column > written.size() ? column - written.size() : 0;
  if (delimiter == 0) pad = 0;
  if (delimiter > 0 && pad == 0) pad = 1;
  const std::uint32_t begin = line_begin(source, model.key_span.begin);
  const std::string_view indent = source.substr(begin, model.key_span.begin - begin);
  const bool blank = indent.find_first_not_of(" \t") == std::string_view::npos;
  std::string tail(between.substr(delimiter));
  if (model.text.empty() && tail.size() == 1 && delimiter > 0) tail += ' ';
  return std::string(blank ? indent : "") + written + std::string(pad, ' ') + tail + value;
}

NodeId last_key(const Document& document, NodeId section) {
  NodeId last = no_node;
  for (NodeId at = document[section].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind == NodeKind::scalar) last = at;
  }
  return last;
}

void insert_key(const Document& document, NodeId section, std::string_view key, const std::string& value,
                Edits& edits) {
  const std::string_view source = document.source();
  const std::string newline = json_newline(source);
  const NodeId last = last_key(document, section);
  const Node& at = document[section];
  if (last == no_node && at.key_span.empty()) {  // the part before any section: its first key
    const bool more = document[document.roots[0]].last_child != section || !source.empty();
    edits.push_back(
        {{at.span.begin, at.span.begin}, line_like(document, no_node, key, value) + newline + (more ? newline : "")});
    return;
  }
  const std::uint32_t end = line_end(source, last == no_node ? at.span.end : document[last].span.end);
  edits.push_back({{end, end}, newline + line_like(document, last, key, value)});
}

void insert_section(const Document& document, std::string_view name, const Document& value, NodeId map, Edits& edits) {
  if (name.empty()) throw Error(ExitCode::error_dumping_tree, "Error encoding section : empty section name");
  if (value[map].kind != NodeKind::map) {
    throw Error(ExitCode::error_dumping_tree, "Error encoding section: Section values should always be TreeBranches");
  }
  const std::string newline = json_newline(document.source());
  std::string comment;
  std::string text = "[" + std::string(name) + "]" + newline;
  append_ini_lines(text, ini_lines_of(value, map, comment, plain_value), newline);
  const NodeId metadata = document.metadata[0];
  if (metadata != no_node) {
    const std::uint32_t at = line_begin(document.source(), document[metadata].span.begin);
    edits.push_back({{at, at}, text + newline});
    return;
  }
  const std::string& source = document.source();
  const auto end = static_cast<std::uint32_t>(source.size());
  const bool open_end = !source.empty() && source.back() != '\n';
  edits.push_back({{end, end}, (open_end ? newline : "") + (source.empty() ? "" : newline) + text});
}

// The lines of a key or section, with the break behind them or, at an open end, the one before them.
Span whole_lines(std::string_view source, Span content) {
  Span out{line_begin(source, content.begin), line_end(source, content.end)};
  const std::size_t next = source.find('\n', out.end);
  if (next != std::string_view::npos) {
    out.end = static_cast<std::uint32_t>(next + 1);
  } else if (out.begin > 0) {
    --out.begin;
    if (out.begin > 0 && source[out.begin - 1] == '\r') --out.begin;
  }
  return out;
}

void append_block(const Document& document, const MetadataChange& change, Edits& edits) {
  const std::string& source = document.source();
  const std::string newline = json_newline(source);
  std::vector<IniLine> lines;
  for (const MetadataLine& line : change.lines) lines.push_back({line.key, plain_value(line.value), {}});
  const bool open_end = !source.empty() && source.back() != '\n';
  std::string block = (open_end ? newline : "") + (source.empty() ? "" : newline) + "[sops]" + newline;
  append_ini_lines(block, lines, newline);
  if (open_end) block.resize(block.size() - newline.size());
  const auto end = static_cast<std::uint32_t>(source.size());
  edits.push_back({{end, end}, std::move(block)});
}

void change_block(const Document& document, const MetadataChange& change, Edits& edits) {
  const std::string_view source = document.source();
  const std::string newline = json_newline(source);
  const NodeId section = document.metadata[0];
  const auto present = metadata_lines(document);
  NodeId like = present.empty() ? no_node : present.front().node;
  std::uint32_t end = line_end(source, document[section].key_span.end);  // of the line behind which a new one goes
  for (const MetadataLine& line : change.lines) {
    if (line.old == no_node) {
      edits.push_back({{end, end}, newline + line_like(document, like, line.key, plain_value(line.value))});
      continue;
    }
    const Span value = document[line.old].span;
    like = line.old;
    end = line_end(source, value.end);
    if (escape_breaks(std::string(document[line.old].text)) != line.value) edits.push_back({value, plain_value(line.value)});
  }
  for (const NodeId node : change.removed) {
    // With the break before it, so that what is added behind the line before stays in its place.
    const Span lines{line_begin(source, document[node].key_span.begin), line_end(source, document[node].span.end)};
    std::uint32_t begin = lines.begin - 1;
    if (begin > 0 && source[begin - 1] == '\r') --begin;
    edits.push_back({{begin, lines.end}, ""});
  }
}

}  // namespace

std::string_view ini_quote(const Document& document, NodeId node) {
  const Node& at = document[node];
  const std::string_view written = document.text(at.span);
  switch (at.style) {
    case Style::single_quoted:
      return "'";
    case Style::double_quoted:
      return "\"";
    case Style::literal:
      return written.starts_with('`') ? "`" : "\"\"\"";
    default:
      return "";
  }
}

std::string_view ini_rest(const Document& document, NodeId node) {
  const std::uint32_t end = document[node].span.end;
  return document.text({end, line_end(document.source(), end)});
}

void replace_ini(const Document& document, NodeId node, const Document& value, NodeId value_node, Edits& edits) {
  const Node& at = document[node];
  if (at.kind == NodeKind::scalar) {
    const std::string text = ini_value_of(value, at.key, value_node);
    edits.push_back({at.span, write_ini_value(text, ini_quote(document, node), ini_rest(document, node))});
    return;
  }
  if (value[value_node].kind != NodeKind::map) {
    throw Error(ExitCode::error_dumping_tree, "Error encoding section: Section values should always be TreeBranches");
  }
  const std::string newline = json_newline(document.source());
  std::string comment;
  std::string text = at.key_span.empty() ? "" : "[" + std::string(at.key) + "]" + newline;
  append_ini_lines(text, ini_lines_of(value, value_node, comment, plain_value), newline);
  if (text.ends_with(newline)) text.resize(text.size() - newline.size());
  edits.push_back({at.span, std::move(text)});
}

void insert_ini(const Document& document, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
                Edits& edits) {
  if (parent == document.roots[0]) return insert_section(document, key, value, value_node, edits);
  if (key.empty()) throw Error(ExitCode::error_dumping_tree, "error creating new key: empty key name");
  insert_key(document, parent, key, plain_value(ini_value_of(value, key, value_node)), edits);
}

void remove_ini(const Document& document, NodeId node, Edits& edits) {
  const Node& at = document[node];
  const bool section = at.kind == NodeKind::map;
  if (section && at.key_span.empty() && at.span.empty()) return;
  edits.push_back({whole_lines(document.source(), {section ? at.span.begin : at.key_span.begin, at.span.end}), ""});
}

void write_ini_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) {
  const MetadataChange change = compare_metadata(document, "", metadata, node);
  if (document.metadata[0] == no_node) {
    append_block(document, change, edits);
  } else {
    change_block(document, change, edits);
  }
}

void remove_ini_metadata(const Document& document, Edits& edits) {
  if (document.metadata[0] == no_node) return;
  const std::string_view source = document.source();
  const Node& section = document[document.metadata[0]];
  const std::uint32_t end = line_end(source, section.span.end);
  const std::size_t next = source.find('\n', end);
  const bool open_end = next == std::string_view::npos;
  Span block{line_begin(source, section.span.begin), open_end ? end : static_cast<std::uint32_t>(next + 1)};
  if (block.begin > 0) {  // the blank line before the block came with it
    const std::uint32_t before = line_begin(source, block.begin - 1);
    if (skip_space(source, before, block.begin) == block.begin) block.begin = before;
  }
  if (open_end && block.begin > 0) {  // so did the break that ended the text's last line, of the kind that the block has
    const std::size_t header_break = source.find('\n', section.span.begin);
    --block.begin;
    if (block.begin > 0 && source.substr(0, header_break).ends_with('\r')) --block.begin;
  }
  edits.push_back({block, ""});
}

}  // namespace leafseal
