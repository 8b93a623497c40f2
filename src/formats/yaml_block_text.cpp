#include "formats/yaml_block_text.hpp"

#include <algorithm>

#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

constexpr std::size_t default_step = 4;

std::size_t leading_blanks(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }

std::string_view first_line(std::string_view text) { return text.substr(0, text.find_first_of("\r\n")); }

// The first line with more than blanks in it, or the first that is not empty.
std::string_view telling_line(std::string_view text) {
  std::string_view fallback;
  while (!text.empty()) {
    const std::string_view line = first_line(text);
    if (line.find_first_not_of(' ') != std::string_view::npos) return line;
    if (fallback.empty()) fallback = line;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return fallback;
}

std::size_t column_of(const Document& document, std::uint32_t at) {
  const std::string& source = document.source();
  std::size_t start = at;
  while (start > 0 && source[start - 1] != '\n' && source[start - 1] != '\r') --start;
  return at - start - (start == 0 && document.bom ? 3 : 0);
}

// How far entries stand from those around them in this file: seen at the node's ancestors, else at the first nesting.
std::size_t step_of(const Document& document, NodeId node) {
  const auto entry_step = [&](NodeId child) -> std::size_t {
    const NodeId parent = document[child].parent;
    if (parent == no_node || document[parent].parent == no_node || document[parent].style == Style::flow) return 0;
    if (document[child].kind == NodeKind::comment || document[parent].kind != NodeKind::map) return 0;
    const std::size_t inner = column_of(document, document[child].key_span.begin);
    const std::size_t outer = column_of(document, document[parent].key_span.begin);
    return inner > outer ? inner - outer : 0;
  };
  for (NodeId at = node; at != no_node; at = document[at].parent) {
    if (const std::size_t step = entry_step(at)) return step;
  }
  const auto looked_at = static_cast<NodeId>(std::min<std::size_t>(document.size(), 200));
  for (NodeId id = 0; id < looked_at; ++id) {
    if (const std::size_t step = entry_step(id)) return step;
  }
  return default_step;
}

}  // namespace

BlockText block_text(const Document& document, NodeId node) {
  const std::string& source = document.source();
  const Node& n = document[node];
  BlockText block;
  std::uint32_t at = n.span.begin + 1;
  for (; at < source.size() && std::string_view("+-0123456789").find(source[at]) != std::string_view::npos; ++at) {
    if (source[at] == '+' || source[at] == '-') {
      block.chomping = source[at];
    } else {
      block.explicit_indent = true;
    }
  }
  while (at < source.size() && source[at] != '\n' && source[at] != '\r') ++at;
  const std::uint32_t header_end = at;
  if (at < source.size() && source[at] == '\r') ++at;
  if (at < source.size() && source[at] == '\n') ++at;
  block.line_break = source.substr(header_end, at - header_end);
  if (block.line_break.empty()) block.line_break = "\n";
  if (n.span.end <= at) {
    block.breaks_only = true;
    block.content = {at, at};
    block.indent.assign(column_of(document, n.key_span.begin) + step_of(document, node), ' ');
    return block;
  }
  block.content = {at, n.span.end};
  const std::string_view written = telling_line(document.text(block.content)), value = telling_line(n.text);
  const bool blanks = written.find_first_not_of(' ') == std::string_view::npos;
  const std::size_t indent = blanks ? written.size() - std::min(written.size(), value.size())
                                    : leading_blanks(written) - std::min(leading_blanks(written), leading_blanks(value));
  block.indent.assign(indent, ' ');
  return block;
}

std::optional<std::string> literal_lines(std::string_view value, const std::string& indent, const std::string& line_break,
                                         bool explicit_indent) {
  while (value.ends_with('\n')) value.remove_suffix(1);
  if (value.find('\r') != std::string_view::npos) return std::nullopt;
  if (!explicit_indent && (telling_line(value).starts_with(' ') || telling_line(value).starts_with('\t'))) return std::nullopt;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const auto byte = static_cast<unsigned char>(value[at]);
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) return std::nullopt;
    if (byte >= 0x80 && break_length(value, at) != 0) return std::nullopt;
  }
  std::string out;
  while (true) {
    const std::size_t end = value.find('\n');
    const std::string_view line = value.substr(0, end);
    if (!line.empty()) out.append(indent).append(line);
    if (end == std::string_view::npos) return out;
    out += line_break;
    value.remove_prefix(end + 1);
  }
}

std::optional<LiteralScalar> literal_scalar(const Document& document, NodeId node, std::string_view value) {
  if (document[node].in_flow || canonical_form(ScalarType::string, value).style != Style::literal) return std::nullopt;
  const std::size_t step = step_of(document, node);
  const bool hint = value.front() == ' ' || value.front() == '\n' || value.front() == '\t';
  if (hint && step > 9) return std::nullopt;
  const std::string indent(column_of(document, document[node].key_span.begin) + step, ' ');
  const std::string& source = document.source();
  const std::size_t first_break = source.find('\n');
  const bool crlf = first_break != std::string::npos && first_break > 0 && source[first_break - 1] == '\r';
  const std::string line_break = crlf ? "\r\n" : "\n";
  LiteralScalar literal;
  literal.header = "|";
  if (hint) literal.header += std::to_string(step);
  if (!value.ends_with('\n')) literal.header += '-';
  const std::size_t last = value.find_last_not_of('\n');
  const std::size_t final_breaks = value.size() - (last == std::string_view::npos ? 0 : last + 1);
  if (final_breaks > 1 || last == std::string_view::npos) literal.header += '+';
  const auto lines = literal_lines(value, indent, line_break, hint);
  if (!lines) return std::nullopt;
  literal.content = line_break + *lines;
  for (std::size_t i = 1; i < final_breaks; ++i) literal.content += line_break;
  return literal;
}

}  // namespace leafseal::yaml
