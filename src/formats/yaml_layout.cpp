#include "formats/yaml_layout.hpp"

#include <algorithm>
#include <vector>

#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

std::uint32_t offset(std::size_t at) { return static_cast<std::uint32_t>(at); }

std::uint32_t full_break(std::string_view source, std::uint32_t at) {
  if (source.substr(at, 2) == "\r\n") return 2;
  return offset(break_length(source, at));
}

// The length of the break that ends before `at`.
std::uint32_t break_before(std::string_view source, std::uint32_t at) {
  if (at >= 2 && source.substr(at - 2, 2) == "\r\n") return 2;
  for (std::uint32_t length = 1; length <= 3 && length <= at; ++length) {
    if (break_length(source, at - length) == length) return length;
  }
  return 0;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool ends_in_flow(char c) { return std::string_view(",[]{}").find(c) != std::string_view::npos; }

NodeId last_entry(const Document& document, NodeId container) {
  NodeId last = no_node;
  for (NodeId at = document[container].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind != NodeKind::comment) last = at;
  }
  return last;
}

NodeId root_of_metadata(const Document& document, NodeId node) {
  for (std::size_t i = 0; i < document.roots.size(); ++i) {
    if (document.metadata[i] == node) return document.roots[i];
  }
  return document.roots.front();
}

// A line that ends a document: a marker, or a directive of the next one.
bool ends_document(std::string_view source, std::uint32_t line) {
  const std::string_view mark = source.substr(line, 3);
  if (mark.starts_with('%')) return true;
  if (mark != "---" && mark != "...") return false;
  return line + 3 == source.size() || is_blank(source[line + 3]) || break_length(source, line + 3) != 0;
}

bool is_container(const Node& node) { return node.kind == NodeKind::map || node.kind == NodeKind::list; }

}  // namespace

std::string file_break(std::string_view source) {
  const std::size_t at = source.find_first_of("\r\n");
  return at == source.npos ? "\n" : std::string(source.substr(at, full_break(source, offset(at))));
}

std::uint32_t line_start(std::string_view source, std::uint32_t at) {
  while (at > 0 && break_before(source, at) == 0) --at;
  return at == 0 && source.starts_with("\xef\xbb\xbf") ? 3 : at;
}

std::uint32_t line_end(std::string_view source, std::uint32_t at) {
  while (at < source.size() && break_length(source, at) == 0) ++at;
  return at;
}

std::uint32_t next_line(std::string_view source, std::uint32_t at) {
  at = line_end(source, at);
  return at == source.size() ? at : at + full_break(source, at);
}

std::uint32_t line_end_before(std::string_view source, std::uint32_t line) { return line - break_before(source, line); }

std::uint32_t skip_blanks(std::string_view source, std::uint32_t at) {
  while (at < source.size() && is_blank(source[at])) ++at;
  return at;
}

std::uint32_t skip_blank_lines(std::string_view source, std::uint32_t line) {
  while (line < source.size()) {
    const std::uint32_t text = skip_blanks(source, line);
    if (text < source.size() && break_length(source, text) == 0) break;
    line = next_line(source, text);
  }
  return line;
}

std::uint32_t skip_space(std::string_view source, std::uint32_t at, std::uint32_t end) {
  while (at < end) {
    if (is_blank(source[at])) {
      ++at;
    } else if (const std::size_t length = break_length(source, at)) {
      at += offset(length);
    } else if (source[at] == '#' && (at == 0 || is_blank(source[at - 1]) || break_before(source, at) != 0)) {
      at = std::min(end, line_end(source, at));
    } else {
      break;
    }
  }
  return at;
}

bool deeper_comment_follows(std::string_view source, std::uint32_t at, std::uint32_t column) {
  const std::uint32_t line = skip_blank_lines(source, next_line(source, at)), text = skip_blanks(source, line);
  return text < source.size() && source[text] == '#' && text - line > column;
}

bool first_on_line(std::string_view source, std::uint32_t at) {
  return skip_blanks(source, line_start(source, at)) >= at;
}

std::uint32_t column(std::string_view source, std::uint32_t at) { return at - line_start(source, at); }

bool is_absent(const Document& document, NodeId node) {
  const Node& n = document[node];
  return n.kind == NodeKind::scalar && n.span.empty();
}

std::uint32_t content_begin(const Document& document, NodeId node) {
  const std::string_view source = document.source();
  const Node& n = document[node];
  const bool block = is_container(n) && n.style != Style::flow;
  const std::uint32_t end = offset(source.size());
  std::uint32_t at = n.begin;
  while (at < n.span.end && (source[at] == '&' || source[at] == '!')) {
    std::uint32_t behind = at;
    while (behind < end && (source[behind] == '&' || source[behind] == '!')) {
      while (behind < end && !is_blank(source[behind]) && break_length(source, behind) == 0 &&
             !(n.in_flow && ends_in_flow(source[behind]))) {
        ++behind;
      }
      behind = skip_blanks(source, behind);
    }
    // A block collection begins on a line of its own: what stands on the same line is its first key's.
    if (block && behind < end && source[behind] != '#' && break_length(source, behind) == 0) break;
    at = skip_space(source, behind, end);
  }
  return at;
}

ValueSlot value_slot(const Document& document, NodeId node) {
  const std::string_view source = document.source();
  const Node& n = document[node];
  ValueSlot slot;
  slot.after = n.key_span.end;
  if (n.parent == no_node || document[n.parent].kind == NodeKind::map) {
    const std::uint32_t colon = skip_space(source, slot.after, offset(source.size()));
    slot.separator = colon < source.size() && source[colon] == ':';
    if (slot.separator) slot.after = colon + 1;
  }
  slot.properties_end = slot.after;
  const std::uint32_t stop = line_end(source, slot.after), content = content_begin(document, node);
  for (std::uint32_t at = skip_blanks(source, slot.after); slot.separator && at < stop && at < content;) {
    if (source[at] != '&' && source[at] != '!') break;
    while (at < stop && !is_blank(source[at]) && !(n.in_flow && ends_in_flow(source[at]))) ++at;
    slot.properties_end = at;
    at = skip_blanks(source, at);
  }
  return slot;
}

std::uint32_t entry_end(const Document& document, NodeId node) {
  std::uint32_t end = document[node].key_span.end;
  std::vector<NodeId> open{node};
  while (!open.empty()) {
    const NodeId at = open.back();
    open.pop_back();
    const Node& n = document[at];
    if (n.kind == NodeKind::comment) {
      end = std::max(end, n.span.end);
    } else if (is_absent(document, at)) {
      end = std::max({end, value_slot(document, at).properties_end, n.span.end > n.begin ? n.span.end : 0U});
    } else {
      end = std::max(end, n.span.end);
    }
    if (!is_container(n)) continue;
    for (NodeId child = n.first_child; child != no_node; child = document[child].next) open.push_back(child);
  }
  return end;
}

std::uint32_t entry_end_in_flow(const Document& document, NodeId node) {
  const Node& n = document[node];
  return std::max(n.key_span.end, is_absent(document, node) ? value_slot(document, node).properties_end : n.span.end);
}

BlockScalarEnd block_scalar_end(const Document& document, NodeId node) {
  while (is_container(document[node]) && document[node].style != Style::flow) {
    const NodeId last = last_entry(document, node);
    if (last == no_node) return {};
    node = last;
  }
  const Node& n = document[node];
  if (n.kind != NodeKind::scalar || (n.style != Style::literal && n.style != Style::folded)) return {};
  const std::string_view text = document.text(n.span);
  const std::size_t header = std::min(text.find_first_not_of("+-0123456789", 1), text.size());
  return {node, true, text.substr(0, header).find('+') != text.npos};
}

std::uint32_t block_entry_begin(const Document& document, NodeId node) {
  const std::string_view source = document.source();
  const Node& n = document[node];
  const NodeId parent = n.parent == no_node ? root_of_metadata(document, node) : n.parent;
  if (document[parent].kind == NodeKind::list) return n.key_span.begin;
  // The first entry may stand behind a dash; every other begins a line, at the latest the one of its `?`.
  const std::uint32_t first = content_begin(document, parent), wanted = column(source, first);
  std::uint32_t at = n.key_span.begin;
  while (line_start(source, at) > first) {
    const std::uint32_t start = line_start(source, at), text = skip_blanks(source, start);
    const bool content = text < source.size() && source[text] != '#' && break_length(source, text) == 0;
    if (content && text - start <= wanted) return text;
    at = start - break_before(source, start);
  }
  return first;
}

std::uint32_t document_end(const Document& document, NodeId root) {
  const std::string_view source = document.source();
  const std::uint32_t content = document[root].span.end;
  std::uint32_t line = line_start(source, content) == content ? content : next_line(source, content);
  while (line < source.size() && !ends_document(source, line)) line = next_line(source, line);
  return line;
}

FragmentStyle detect_style(const Document& document, NodeId node, NodeId other) {
  FragmentStyle style;
  bool step_known = false, dashes_known = false;
  const std::string_view source = document.source();
  for (const NodeId root : {node, other}) {
    if (root == no_node) continue;
    std::vector<NodeId> open{root};
    for (std::size_t next = 0; next < open.size() && !(step_known && dashes_known); ++next) {
      const NodeId above = open[next];
      const Node& map = document[above];
      if (!is_container(map) || map.style == Style::flow) continue;
      for (NodeId at = map.first_child; at != no_node; at = document[at].next) {
        const Node& n = document[at];
        if (!is_container(n)) continue;
        open.push_back(at);
        if (map.kind != NodeKind::map || n.style == Style::flow || n.first_child == no_node) continue;
        const std::uint32_t outer = column(source, n.key_span.begin);
        const std::uint32_t inner = column(source, content_begin(document, at));
        if (n.kind == NodeKind::list && !dashes_known) {
          dashes_known = true;
          style.flat_lists = inner <= outer;
          if (!step_known && inner > outer) style.step = static_cast<int>(std::min(inner - outer, 9U));
        } else if (n.kind == NodeKind::map && !step_known && inner > outer) {
          step_known = true;
          style.step = static_cast<int>(std::min(inner - outer, 9U));
        }
      }
    }
  }
  return style;
}

std::string indented(std::string_view lines, std::uint32_t column, std::string_view line_break) {
  std::string out;
  out.reserve(lines.size());
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at] != '\n') {
      out += lines[at];
      continue;
    }
    out += line_break;
    if (at + 1 < lines.size() && lines[at + 1] != '\n') out.append(column, ' ');
  }
  return out;
}

}  // namespace leafseal::yaml
