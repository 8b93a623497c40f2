#include "formats/yaml_grammar.hpp"

namespace leafseal::yaml {

using T = TokenType;

void Grammar::take() {
  const Token& token = scanner_.peek();
  if (!token.span.empty()) last_end_ = token.span.end;
  scanner_.take();
}

void Grammar::fail(const char* problem, std::uint32_t context_line) {
  const Token& token = peek();
  const std::uint32_t line = context_line != 0 ? context_line : token.line;  // the reference counts these from 0
  const std::string where = line == 0 ? "" : "line " + std::to_string(line) + ": ";
  throw Error(ExitCode::could_not_read_input, "yaml: " + where + problem,
              place_of(scanner_.cursor().text(), token.span.begin));
}

// --- documents -----------------------------------------------------------------------------------------------------

void Grammar::read_stream() {
  take();  // the start of the stream
  for (bool first = true;; first = false) {
    while (!first && at(T::document_end)) take();
    if (at(T::stream_end)) break;
    read_document(first);
  }
  tree_.end_stream();
}

void Grammar::read_document(bool first) {
  const bool is_explicit = at_any(T::version_directive, T::tag_directive, T::document_start);
  const std::uint32_t begin = peek().span.begin;
  tree_.begin_document(begin, is_explicit || !first ? CommentLines() : scanner_.comments().take_document_head());
  if (is_explicit || !first) {
    read_directives();
    if (!at(T::document_start)) fail("did not find expected <document start>", 0);
    take();
  }
  if (is_explicit && at_any(T::version_directive, T::tag_directive, T::document_start, T::document_end, T::stream_end)) {
    empty();
  } else {
    read_node(true, false);
  }
  while (!frames_.empty()) step();
  if (at(T::document_end)) take();
  tag_prefixes_.clear();
  tree_.end_document();
}

void Grammar::read_directives() {
  for (bool version = false; at_any(T::version_directive, T::tag_directive); take()) {
    const Token& token = peek();
    if (token.type == T::version_directive) {
      if (version) fail("found duplicate %YAML directive", 0);
      const std::string_view major = token.text.substr(0, token.text.find('.'));
      const std::string_view minor = token.text.substr(major.size() + 1);
      if ((major != "1" && major != "01") || (minor != "1" && minor != "01")) {
        fail("found incompatible YAML document", 0);
      }
      version = true;
    } else {
      for (const auto& [handle, prefix] : tag_prefixes_) {
        if (handle == token.text) fail("found duplicate %TAG directive", 0);
      }
      tag_prefixes_.emplace_back(token.text, token.suffix);
    }
  }
}

// --- nodes ---------------------------------------------------------------------------------------------------------

void Grammar::read_node(bool block, bool indentless_list) {
  if (at(T::alias)) {
    tree_.alias(peek());
    return take();
  }
  const Properties properties = read_properties();
  const Token& token = peek();
  if (indentless_list && token.type == T::block_entry) {
    return open(Kind::indentless_list, NodeKind::list, Style::block, properties, {});
  }
  switch (token.type) {
    case T::scalar:
      tree_.scalar(token, properties);
      return take();
    case T::flow_list_start:
      open(Kind::flow_list, NodeKind::list, Style::flow, properties, comments());
      return take();
    case T::flow_map_start:
      open(Kind::flow_map, NodeKind::map, Style::flow, properties, comments());
      return take();
    case T::block_list_start:
    case T::block_map_start:
      if (!block) break;
      {
        const bool list = token.type == T::block_list_start;
        OwnedComments own;
        std::swap(own.head, stem_);
        open(list ? Kind::block_list : Kind::block_map, list ? NodeKind::list : NodeKind::map, Style::block, properties,
             std::move(own));
      }
      return take();
    default: break;
  }
  if (!properties.any) fail("did not find expected node content", properties.line);
  tree_.empty(last_end_, properties);
}

Properties Grammar::read_properties() {
  Properties properties;
  properties.begin = peek().span.begin;
  properties.line = peek().line;
  bool anchor = false, tag = false;
  while (at(T::anchor) ? !anchor : at(T::tag) && !tag) {
    const Token& token = peek();
    properties.any = true;
    if (token.type == T::anchor) {
      anchor = true;
      properties.anchor = token.text;
    } else {
      tag = true;
      properties.tag_span = token.span;
      properties.tag = resolve_tag(token, properties);
    }
    take();
  }
  return properties;
}

ScalarTag Grammar::resolve_tag(const Token& token, const Properties& properties) {
  if (token.text.empty()) return scalar_tag({}, token.suffix);
  for (const auto& [handle, prefix] : tag_prefixes_) {
    if (handle == token.text) return scalar_tag(prefix, token.suffix);
  }
  if (token.text == "!") return scalar_tag("!", token.suffix);
  if (token.text == "!!") return scalar_tag("tag:yaml.org,2002:", token.suffix);
  fail("found undefined tag handle", properties.line);
}

void Grammar::open(Kind kind, NodeKind node, Style style, const Properties& properties, OwnedComments own) {
  tree_.open(node, style, properties, std::move(own));
  frames_.push_back({kind, Next::key, true, peek().line});
}

void Grammar::close(OwnedComments own) {
  tree_.close(last_end_, std::move(own));
  frames_.pop_back();
}

// --- collections ---------------------------------------------------------------------------------------------------

void Grammar::step() {
  switch (frames_.back().kind) {
    case Kind::block_list: return step_block_list();
    case Kind::indentless_list: return step_indentless_list();
    case Kind::block_map: return step_block_map();
    case Kind::flow_list: return step_flow_list();
    case Kind::flow_map: return step_flow_map();
    case Kind::flow_pair: return step_flow_pair();
  }
}

// Takes a dash. Comments above it are the list's; of an item that is a block collection they are its head.
bool Grammar::step_dash() {
  if (!at(T::block_entry)) return false;
  const std::size_t heads = scanner_.comments().waiting_heads();
  tree_.item(peek().span);
  take();
  if (heads > 0 && at_any(T::block_list_start, T::block_map_start)) stem_ = scanner_.comments().take_heads(heads);
  return true;
}

void Grammar::step_block_list() {
  const std::uint32_t line = frames_.back().line;
  if (step_dash()) return at_any(T::block_entry, T::block_end) ? empty() : read_node(true, false);
  if (!at(T::block_end)) fail("did not find expected '-' indicator", line);
  close({});
  take();
}

void Grammar::step_indentless_list() {
  if (!step_dash()) return close({});
  if (at_any(T::block_entry, T::key, T::value, T::block_end)) return empty();
  read_node(true, false);
}

// A key or value of a block mapping, behind its indicator.
void Grammar::read_block_part() {
  take();
  if (at_any(T::key, T::value, T::block_end)) return empty();
  read_node(true, true);
}

void Grammar::step_block_map() {
  Frame& frame = frames_.back();
  if (frame.next == Next::value) {
    frame.next = Next::key;
    return at(T::value) ? read_block_part() : empty();
  }
  frame.next = Next::value;
  if (at(T::key)) return read_block_part();
  if (!at(T::block_end)) fail("did not find expected key", frame.line);
  close(comments());
  take();
}

void Grammar::step_flow_list() {
  Frame& frame = frames_.back();
  if (!at(T::flow_list_end)) {
    if (!frame.first) {
      if (!at(T::flow_entry)) fail("did not find expected ',' or ']'", frame.line);
      take();
    }
    frame.first = false;
    if (at(T::key)) {
      Properties properties;
      properties.begin = peek().span.begin;
      properties.line = peek().line;
      open(Kind::flow_pair, NodeKind::map, Style::flow, properties, {});
      return take();
    }
    if (!at(T::flow_list_end)) return read_node(false, false);
  }
  last_end_ = peek().span.end;
  close(comments());
  take();
}

// `[key: value]`. Of an entry without key the reference skips the next token, whatever it is.
void Grammar::step_flow_pair() {
  Frame& frame = frames_.back();
  switch (frame.next) {
    case Next::key:
      frame.next = Next::value;
      if (!at_any(T::value, T::flow_entry, T::flow_list_end)) return read_node(false, false);
      take();
      return empty();
    case Next::value:
    case Next::no_value:
      frame.next = Next::end;
      if (at(T::value)) {
        take();
        if (!at_any(T::flow_entry, T::flow_list_end)) return read_node(false, false);
      }
      return empty();
    case Next::end: return close({});
  }
}

void Grammar::step_flow_map() {
  Frame& frame = frames_.back();
  if (frame.next != Next::key) {
    const bool may_follow = frame.next == Next::value;
    frame.next = Next::key;
    if (may_follow && at(T::value)) {
      take();
      if (!at_any(T::flow_entry, T::flow_map_end)) return read_node(false, false);
    }
    return empty();
  }
  if (!at(T::flow_map_end)) {
    if (!frame.first) {
      if (!at(T::flow_entry)) fail("did not find expected ',' or '}'", frame.line);
      take();
    }
    frame.first = false;
    if (at(T::key)) {
      frame.next = Next::value;
      take();
      return at_any(T::value, T::flow_entry, T::flow_map_end) ? empty() : read_node(false, false);
    }
    if (!at(T::flow_map_end)) {
      frame.next = Next::no_value;
      return read_node(false, false);
    }
  }
  last_end_ = peek().span.end;
  close(comments());
  take();
}

}  // namespace leafseal::yaml
