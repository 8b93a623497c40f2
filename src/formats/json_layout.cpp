#include "formats/json_layout.hpp"

namespace leafseal {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view after_last_break(std::string_view space) {
  const std::size_t at = space.rfind('\n');
  return at == std::string_view::npos ? std::string_view() : space.substr(at + 1);
}

// Offset of the first byte from `at` on that is not blank.
std::size_t skip_blanks(std::string_view source, std::size_t at) { return source.find_first_not_of(blanks, at); }

// The member that stands first in the source; the metadata is a member of the root, too.
NodeId first_member(const Document& document, NodeId container) {
  NodeId first = document[container].first_child;
  if (container == document.roots[0] && document.metadata[0] != no_node) {
    const NodeId metadata = document.metadata[0];
    if (first == no_node || document[metadata].span.begin < document[first].span.begin) first = metadata;
  }
  return first;
}

void read_separators(const Document& document, NodeId first, bool map, JsonLayout& layout) {
  const std::string_view source = document.source();
  const Node& node = document[first];
  if (map) layout.colon = source.substr(node.key_span.end, node.begin - node.key_span.end);
  const std::size_t comma = skip_blanks(source, node.span.end);
  if (source[comma] == ',') {
    const std::size_t next = skip_blanks(source, comma + 1);
    layout.blank = source.substr(comma + 1, next - comma - 1);
  } else {
    layout.blank = layout.colon.ends_with(' ') ? " " : "";
  }
}

// Of a container that has members.
void read_layout(const Document& document, NodeId container, JsonLayout& layout) {
  const std::string_view source = document.source();
  const Span span = document[container].span;
  const std::string_view before = source.substr(span.begin + 1, skip_blanks(source, span.begin + 1) - span.begin - 1);
  layout.lines = before.find('\n') != std::string_view::npos;
  read_separators(document, first_member(document, container), document[container].kind == NodeKind::map, layout);
  if (!layout.lines) return;
  layout.indent = after_last_break(before);
  const std::string_view inside = source.substr(span.begin, span.size() - 1);
  const std::string_view closing = after_last_break(inside.substr(inside.find_last_not_of(blanks) + 1));
  if (layout.indent.starts_with(closing)) layout.unit = layout.indent.substr(closing.size());
}

}  // namespace

std::string json_newline(std::string_view source) {
  const std::size_t at = source.find('\n');
  return at != std::string_view::npos && at > 0 && source[at - 1] == '\r' ? "\r\n" : "\n";
}

JsonLayout json_layout_in(const Document& document, NodeId container) {
  JsonLayout layout;
  layout.newline = json_newline(document.source());
  std::size_t missing = 0;  // levels between the innermost container with members and this one
  NodeId at = container;
  while (first_member(document, at) == no_node) {
    if (document[at].parent == no_node) {  // nothing to take after: the canonical layout
      layout.indent.clear();
      for (std::size_t i = 0; i <= missing; ++i) layout.indent += layout.unit;
      return layout;
    }
    at = document[at].parent;
    ++missing;
  }
  read_layout(document, at, layout);
  for (; missing > 0 && layout.lines; --missing) layout.indent += layout.unit;
  return layout;
}

}  // namespace leafseal
