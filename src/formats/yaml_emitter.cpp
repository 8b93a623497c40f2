#include "formats/yaml_emitter.hpp"

#include <utility>

#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

void append_comment(std::string& lines, std::string_view text) {
  if (!lines.empty()) lines += '\n';
  lines.append("#").append(text);
}

void hand_over(std::string& from, std::string& to) {
  if (!from.empty()) to = std::move(from);
  from.clear();
}

}  // namespace

NodeId Emitter::target(NodeId node) const {
  while (document_[node].kind == NodeKind::alias) node = document_[node].first_child;
  return node;
}

bool Emitter::has_entries(const Level& level) const {
  if (level.metadata != no_node) return true;
  for (NodeId at = level.at; at != no_node; at = document_[at].next) {
    if (!is_comment(at)) return true;
  }
  return false;
}

// What stands before the first entry belongs to the container; in an empty one, everything does.
std::string Emitter::container_head(const Level& level) const {
  if (level.empty) return foot_comments(level.at);
  std::string lines;
  for (NodeId at = level.at; at != no_node && is_comment(at); at = document_[at].next) {
    if (!document_[at].inline_comment && !document_[at].lost) append_comment(lines, document_[at].text);
  }
  return lines;
}

Emitter::Entry Emitter::next_entry(Level& level) const {
  Entry entry;
  for (; level.at != no_node; level.at = document_[level.at].next) {
    const Node& node = document_[level.at];
    if (node.kind != NodeKind::comment) break;
    if (!node.lost) append_comment(node.inline_comment ? entry.line : entry.head, node.text);
  }
  if (level.at != no_node) {
    entry.node = level.at;
    level.at = document_[level.at].next;
  } else {
    entry.node = std::exchange(level.metadata, no_node);
  }
  return entry;
}

// Comments from here to the end of a container, those flagged inline last; empty if an entry follows.
std::string Emitter::foot_comments(NodeId from) const {
  std::string lines, inlines;
  for (NodeId at = from; at != no_node; at = document_[at].next) {
    const Node& node = document_[at];
    if (node.kind != NodeKind::comment) return {};
    if (!node.lost) append_comment(node.inline_comment ? inlines : lines, node.text);
  }
  if (lines.empty() || inlines.empty()) return lines + inlines;
  return lines + '\n' + inlines;
}

int Emitter::inner_indent(bool in_list) const {
  if (in_list) return writer_.indent + 2;
  return writer_.step() * ((writer_.indent + writer_.step()) / writer_.step());
}

void Emitter::write_head() {
  if (!waiting_.tail.empty()) {
    writer_.start_line();
    writer_.comment(std::exchange(waiting_.tail, {}));
    writer_.mark_foot();
  }
  if (waiting_.head.empty()) return;
  writer_.start_line();
  writer_.comment(std::exchange(waiting_.head, {}));
}

void Emitter::write_line() {
  if (!waiting_.line.empty()) writer_.line_comment(std::exchange(waiting_.line, {}));
}

void Emitter::write_foot() {
  if (waiting_.foot.empty()) return;
  writer_.start_line();
  writer_.comment(std::exchange(waiting_.foot, {}));
  writer_.mark_foot();
}

void Emitter::write_scalar(const ScalarForm& form, bool in_list) {
  const int outer = writer_.indent;
  writer_.indent = outer < 0 ? writer_.step() : inner_indent(in_list);
  if (form.style == Style::literal) {
    writer_.literal(form, outer < 0 ? 0 : outer, std::exchange(waiting_.line, {}));
  } else {
    writer_.scalar_on_line(form);
  }
  writer_.indent = outer;
}

// Long keys and those with line breaks need the explicit form.
void Emitter::write_key(std::string_view key) {
  const ScalarForm form = canonical_key(key);
  const std::size_t tag_length = form.tag.empty() ? 0 : 2 + form.tag.size();
  if (!form.several_lines && form.text.size() + tag_length <= 128) {
    write_scalar(form, false);
    writer_.indicator(":", false, false, false);
    return;
  }
  writer_.indicator("?", true, false, true);
  write_scalar(form, false);
  writer_.start_line();
  writer_.indicator(":", true, false, true);
}

// A node comes next: its comments begin to wait, and a container opens its level.
void Emitter::announce(NodeId node, std::string line, std::string foot, std::string outer_head, bool in_list,
                       NodeId metadata) {
  node = target(node);
  const Node& n = document_[node];
  if (n.kind == NodeKind::scalar) {
    hand_over(outer_head, waiting_.head);
    hand_over(line, waiting_.line);
    hand_over(foot, waiting_.foot);
    return;
  }
  Level level{node, n.first_child, metadata, std::move(line), std::move(foot), {}, in_list, false, false, -1};
  level.empty = !has_entries(level);
  std::string own_head = container_head(level);
  if (!outer_head.empty() && !own_head.empty()) outer_head += '\n';
  outer_head += own_head;
  hand_over(outer_head, waiting_.head);
  levels_.push_back(std::move(level));
}

ScalarForm Emitter::form_of(const Node& scalar) const {
  ScalarForm form = canonical_form(scalar.type, scalar.text);
  if (!fragment_ || form.style != Style::literal || !form.tag.empty()) return form;
  const bool final_break = form.text.ends_with('\n');
  const bool several = final_break && (form.text.size() == 1 || break_length(form.text, form.text.size() - 2) != 0);
  if (several || (final_break && !style_.final_break) || !style_.block_scalars) form.style = Style::double_quoted;
  return form;
}

void Emitter::put_node(NodeId node, bool in_list) {
  const Node& n = document_[target(node)];
  if (n.kind == NodeKind::scalar) write_scalar(form_of(n), in_list);
  write_line();
  write_foot();
}

void Emitter::empty_container(Level level) {
  levels_.pop_back();
  const bool map = document_[level.container].kind == NodeKind::map;
  const int outer = writer_.indent;
  writer_.indent = outer < 0 ? writer_.step() : inner_indent(level.in_list);
  if (outer >= 0 && writer_.at_line_start()) writer_.start_line();  // a comment came between
  writer_.indicator(map ? "{" : "[", true, true, false);
  if (map) write_head();
  writer_.indent = outer;
  writer_.indicator(map ? "}" : "]", false, false, false);
  hand_over(level.line, waiting_.line);
  hand_over(level.foot, waiting_.foot);
  write_line();
  write_foot();
}

void Emitter::open_level(Level& level) {
  const bool flat = style_.flat_lists && !level.in_list && document_[level.container].kind == NodeKind::list;
  level.outer_indent = writer_.indent;
  level.opened = true;
  if (writer_.indent < 0) {
    writer_.indent = 0;
  } else if (!flat) {
    writer_.indent = inner_indent(level.in_list);
  }
}

void Emitter::map_entry(Level& level) {
  Entry entry = next_entry(level);
  if (entry.node == no_node) {
    const Level done = std::move(level);
    levels_.pop_back();
    std::string tail = entry.head;
    if (!tail.empty() && !entry.line.empty()) tail += '\n';
    tail += entry.line;
    hand_over(tail, waiting_.tail);
    std::string line = done.line, foot = done.foot;
    hand_over(line, waiting_.line);
    hand_over(foot, waiting_.foot);
    write_head();
    writer_.indent = done.outer_indent;
    return;
  }
  if (!level.opened) {
    entry.head.clear();  // it is the container's
    open_level(level);
  }
  hand_over(entry.head, waiting_.head);
  write_head();
  writer_.start_line();
  hand_over(waiting_.line, waiting_.key_line);
  write_key(document_[entry.node].key);
  const bool scalar = document_[target(entry.node)].kind == NodeKind::scalar;
  announce(entry.node, std::move(entry.line), {}, {}, false);
  if (!waiting_.key_line.empty()) {
    if (!scalar) {
      std::swap(waiting_.line, waiting_.key_line);
      write_line();
      std::swap(waiting_.line, waiting_.key_line);
    } else if (waiting_.line.empty()) {
      hand_over(waiting_.key_line, waiting_.line);
    }
  }
  put_node(entry.node, false);
}

void Emitter::list_item(Level& level) {
  Entry entry = next_entry(level);
  if (entry.node == no_node) {
    const Level done = std::move(level);
    levels_.pop_back();
    std::string line = done.line, foot = done.foot;
    hand_over(line, waiting_.line);
    hand_over(foot, waiting_.foot);
    writer_.indent = done.outer_indent;
    return;
  }
  if (!level.opened) {
    entry.head.clear();
    open_level(level);
  }
  announce(entry.node, std::move(entry.line), foot_comments(level.at), std::move(entry.head), true);
  write_head();
  writer_.start_line();
  writer_.indicator("-", true, false, true);
  put_node(entry.node, true);
}

void Emitter::step() {
  Level& level = levels_.back();
  if (level.empty) {
    empty_container(std::move(level));
  } else if (document_[level.container].kind == NodeKind::map) {
    map_entry(level);
  } else {
    list_item(level);
  }
}

void Emitter::finish() {
  while (!levels_.empty()) step();
  end_document();
}

void Emitter::emit_root(NodeId node, NodeId metadata) {
  announce(node, {}, {}, {}, false, metadata);
  write_head();
  put_node(node, false);
  finish();
}

void Emitter::emit_entry(std::string_view key, NodeId node) {
  writer_.indent = 0;
  write_key(key);
  announce(node, {}, {}, {}, false);
  put_node(node, false);
  finish();
}

void Emitter::emit_item(NodeId node) {
  writer_.indent = 0;
  writer_.indicator("-", true, false, true);
  announce(node, {}, {}, {}, true);
  write_head();
  put_node(node, true);
  finish();
}

void Emitter::end_document() {
  writer_.indent = -1;
  if (!waiting_.foot.empty()) {
    writer_.mark_foot();
    write_foot();
  }
  writer_.clear_foot();
  writer_.start_line();
}

void Emitter::emit_document(NodeId root, NodeId metadata, bool first) {
  if (!first) {
    writer_.start_line();
    writer_.indicator("---", true, false, false);
    writer_.start_line();
  }
  emit_root(root, metadata);
}

}  // namespace leafseal::yaml
