#include "formats/yaml_tree.hpp"

#include "formats/limits.hpp"

namespace leafseal::yaml {
namespace {

constexpr std::string_view metadata_key = "sops";

const char* go_type(ScalarType type) {
  switch (type) {
    case ScalarType::null: return "<nil>";
    case ScalarType::boolean: return "bool";
    case ScalarType::integer: return "int";
    case ScalarType::floating: return "float64";
    case ScalarType::time: return "time.Time";
    case ScalarType::string: break;
  }
  return "string";
}

}  // namespace

// --- documents -----------------------------------------------------------------------------------------------------

void TreeBuilder::begin_document(std::uint32_t begin, const CommentLines& head) {
  begins_.push_back(begin);
  const NodeId root = document_.add(NodeKind::map, no_node);
  document_[root].style = Style::block;
  document_[root].span = {begin, begin};
  document_[root].begin = begin;
  document_.roots.push_back(root);
  document_.metadata.push_back(no_node);
  append_to_root(head);
}

void TreeBuilder::root_scalar(const Token& token, const Properties& properties, const OwnedComments& own) {
  const Resolved value = resolve(token, properties);
  if (value.type != ScalarType::null) refuse_root("!!str", "values", token.span.begin);
  const bool written = properties.any || !token.span.empty();
  if (written && plain() && (first_document() || properties.any)) {
    refuse("the document is null, and has no place for metadata", token.span.begin);
  }
  Node& root = document_[document_.roots.back()];
  root.begin = properties.any ? properties.begin : token.span.begin;
  root.span = token.span;
  if (written) root.style = Style::plain;
  append_to_root(own.head);
  append_to_root(own.inline_);
}

void TreeBuilder::end_document() {
  const OwnedComments own = comments_.take();
  append_to_root(own.foot.empty() ? own.head : own.foot);
}

void TreeBuilder::append_to_root(const CommentLines& lines) {
  Level level;
  level.node = document_.roots.back();
  append(level, lines, false);
}

void TreeBuilder::end_stream() {
  if (deferred_) throw *deferred_;
  const bool no_document = document_.roots.empty();
  if (no_document && comments_.lines.empty() && plain()) {
    throw Error(ExitCode::could_not_read_input, "EOF", {"the file holds nothing but blanks; an empty document is {}"});
  }
  if (no_document) begin_document(static_cast<std::uint32_t>(document_.source().size()), {});
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < comments_.lines.size(); ++i) {
    const CommentLine& line = comments_.lines[i];
    while (at + 1 < begins_.size() && begins_[at + 1] <= line.span.begin) ++at;
    if (line.placed || in_metadata(line.span)) continue;
    document_[add_comment(i, document_.roots[at], false)].lost = !no_document;
  }
}

bool TreeBuilder::in_metadata(Span span) const {
  const auto holds = [&](NodeId node) {
    return node != no_node && document_[node].key_span.begin <= span.begin && span.begin < document_[node].span.end;
  };
  for (const NodeId node : document_.metadata) {
    if (holds(node)) return true;
  }
  for (const NodeId node : document_.extra_metadata) {
    if (holds(node)) return true;
  }
  return false;
}

// --- leaves --------------------------------------------------------------------------------------------------------

void TreeBuilder::scalar(const Token& token, const Properties& properties) {
  scalar_node(token, properties, comments_.take());
}

void TreeBuilder::empty(std::uint32_t at, const Properties& properties) {
  Token token;
  token.type = TokenType::scalar;
  token.span = {at, at};
  token.line = properties.line;
  scalar_node(token, properties, {});
}

void TreeBuilder::scalar_node(const Token& token, const Properties& properties, OwnedComments own) {
  if (levels_.empty()) return root_scalar(token, properties, own);
  Resolved value = resolve(token, properties);
  if (levels_.back().is_map && levels_.back().wants_key) {
    const std::uint32_t line = properties.any ? properties.line : token.line;
    key({token.text, token.span, line, false, value.type}, own);
    if (!properties.anchor.empty()) key_node(token, properties, value);
    return;
  }
  check_merge(NodeKind::scalar);
  append(levels_.back(), own.head, false);
  append(levels_.back(), own.inline_, true);
  const bool comment = is_comment_item(levels_.back(), value);
  if (value.beyond_int64) defer("Cannot walk value, unknown type: uint64", token.span.begin);
  const NodeId id = add_child(comment ? NodeKind::comment : NodeKind::scalar,
                              properties.any ? properties.begin : token.span.begin);
  anchors_.count();
  Node& node = document_[id];
  node.list_item_comment = comment;
  node.style = token.style;
  node.span = token.span;
  node.tag = properties.tag_span;
  set_value(id, value);
  if (!properties.anchor.empty()) anchors_.define(properties.anchor, id);
  finish_leaf(own);
}

void TreeBuilder::alias(const Token& token) {
  OwnedComments own = comments_.take();
  const NodeId target = anchors_.find(token.text);
  if (target == no_node) refuse("unknown anchor '" + std::string(token.text) + "' referenced", token.span.begin);
  if (levels_.empty()) refuse("the document is an alias, and has no place for metadata", token.span.begin);
  const Anchors::Extent extent = anchors_.extent(document_, target);
  if (extent.nodes == 0) refuse("anchor '" + std::string(token.text) + "' value contains itself", token.span.begin);
  if (levels_.back().is_map && levels_.back().wants_key) {
    if (document_[target].kind != NodeKind::scalar) refuse("invalid map key", token.span.begin);
    if (plain()) refuse("an alias cannot be a key in a file to encrypt", token.span.begin);
    return key({document_[target].text, token.span, token.line, true, document_[target].type}, own);
  }
  check_merge(document_[target].kind);
  append(levels_.back(), own.head, false);
  append(levels_.back(), own.inline_, true);
  const NodeId id = add_child(NodeKind::alias, token.span.begin);
  anchors_.count_alias(extent);
  levels_.back().expanded += extent.nodes;
  levels_.back().alias_bytes += extent.bytes;
  Node& node = document_[id];
  node.first_child = target;
  node.type = document_[target].type;
  node.text = token.text;
  node.span = token.span;
  document_.has_aliases = true;
  finish_leaf(own);
}

// A foot below a value is its key's, unless that has one already.
void TreeBuilder::finish_leaf(OwnedComments& own) {
  Level& level = levels_.back();
  level.wants_key = true;
  level.merges = level.merges && !level.is_map;
  if (level.is_map && level.foot.empty()) {
    level.foot = std::move(own.foot);
  } else {
    append(level, own.foot, false);
  }
}

NodeId TreeBuilder::add_child(NodeKind kind, std::uint32_t begin) {
  Level& level = levels_.back();
  const bool is_metadata = levels_.size() == 1 && level.is_map && level.key == metadata_key;
  const NodeId id = document_.add(kind, is_metadata ? no_node : level.node);
  Node& node = document_[id];
  node.begin = begin;
  node.in_flow = !level.is_block;
  node.key = level.is_map ? level.key : std::string_view();
  node.key_span = level.is_map ? level.key_span : level.dash;
  if (is_metadata) add_metadata(id);
  ++level.expanded;
  check_leaves(document_.size());
  return id;
}

void TreeBuilder::add_metadata(NodeId node) {
  if (document_.metadata.back() == no_node) {
    document_.metadata.back() = node;
  } else if (document_.roots.size() == 1) {
    document_.extra_metadata.push_back(node);
  }
}

Resolved TreeBuilder::resolve(const Token& token, const Properties& properties) const {
  if (std::optional<Resolved> value = resolve_scalar(properties.tag, token.style, token.text)) return *std::move(value);
  // In later documents the reference reads a value whose tag is impossible as null.
  if (!plain() && !first_document()) return {};
  if (properties.tag == ScalarTag::binary) refuse("!!binary value contains invalid base64 data", token.span.begin);
  refuse("cannot decode the value as a " + std::string(tag_name(properties.tag)), token.span.begin);
}

void TreeBuilder::set_value(NodeId node, Resolved& value) {
  document_[node].type = value.type;
  document_[node].text = value.made.empty() ? value.text : document_.keep(std::move(value.made));
}

// `- ENC[...,type:comment]`: how the reference writes a comment of a list.
bool TreeBuilder::is_comment_item(const Level& level, const Resolved& value) const {
  if (plain() || level.is_map || level.is_metadata || value.type != ScalarType::string) return false;
  const std::string_view line = value.text.substr(0, value.text.find('\n'));
  const std::size_t bracket = line.rfind(']');
  return bracket != std::string_view::npos && line.starts_with("ENC[AES256_GCM,data:") &&
         line.substr(0, bracket).ends_with(",type:comment");
}

// --- keys ----------------------------------------------------------------------------------------------------------

void TreeBuilder::key(const Key& key, OwnedComments& own) {
  Level& level = levels_.back();
  check_unique(key);
  check_key_type(key);
  // A foot in front of a key is the foot of the entry before it.
  if (level.is_block && level.entries > 0 && !own.foot.empty()) std::swap(level.foot, own.foot), own.foot.clear();
  append(level, level.foot, false);
  level.foot = std::move(own.foot);
  append(level, own.head, false);
  append(level, own.inline_, false);
  anchors_.count();
  ++level.entries;
  ++level.expanded;
  level.key = key.text;
  level.key_span = key.span;
  level.wants_key = false;
  level.merges = key.text == "<<" && !key.is_alias && key.span.size() == 2;
}

void TreeBuilder::check_unique(const Key& key) {
  if (!plain() && !first_document()) return;
  const std::int64_t line = keys_.add(levels_.back().node, key.text, key.is_alias, key.line);
  if (line < 0) return;
  throw Error(ExitCode::could_not_read_input,
              "yaml: unmarshal errors:\n  line " + std::to_string(key.line + 1) + ": mapping key \"" +
                  quoted(key.text) + "\" already defined at line " + std::to_string(line + 1),
              place_of(document_.source(), key.span.begin));
}

void TreeBuilder::check_key_type(const Key& key) {
  if (key.type == ScalarType::string) return;
  defer(std::string("Tree contains a non-string key (type ") + go_type(key.type) + "): " + quoted(key.text),
        key.span.begin);
}

// Keys are no nodes, but an alias may stand for one.
void TreeBuilder::key_node(const Token& token, const Properties& properties, Resolved& value) {
  const NodeId id = document_.add(NodeKind::scalar, no_node);
  document_[id].style = token.style;
  document_[id].span = token.span;
  document_[id].begin = properties.begin;
  document_[id].tag = properties.tag_span;
  set_value(id, value);
  anchors_.define(properties.anchor, id);
}

// --- collections ---------------------------------------------------------------------------------------------------

void TreeBuilder::open(NodeKind kind, Style style, const Properties& properties, OwnedComments own) {
  Level level;
  level.is_map = kind == NodeKind::map;
  level.is_block = style == Style::block;
  level.anchored = !properties.anchor.empty();
  const bool is_item = !levels_.empty() && !levels_.back().is_map;
  if (levels_.empty()) {
    if (kind != NodeKind::map) refuse_root("!!seq", "sequences", properties.begin);
    level.node = document_.roots.back();
    document_[level.node].begin = properties.begin;
  } else {
    if (!is_item && levels_.back().wants_key) refuse("invalid map key", properties.begin);
    check_merge(kind);
    if (is_item) {
      append(levels_.back(), own.head, false);
      level.after_heads = document_[levels_.back().node].last_child;
    }
    level.node = add_child(kind, properties.begin);
    anchors_.count();
    level.is_metadata = levels_.back().is_metadata || document_[level.node].parent == no_node;
    level.merges = levels_.back().merges && kind == NodeKind::list;
  }
  Node& node = document_[level.node];
  node.style = style;
  node.tag = properties.tag_span;
  node.span.begin = properties.begin;
  if (!is_item) {
    append(level, own.head, false);
    level.after_heads = document_[level.node].last_child;
  }
  if (level.anchored) anchors_.define(properties.anchor, level.node);
  levels_.push_back(std::move(level));
}

void TreeBuilder::close(std::uint32_t end, OwnedComments own) {
  Level level = std::move(levels_.back());
  levels_.pop_back();
  keys_.end(level.node);
  document_[level.node].span.end = end;
  if (level.anchored) {
    anchors_.complete(level.node, {level.expanded, document_[level.node].span.size() + level.alias_bytes});
  }
  if (level.is_block && level.is_map && level.entries > 0 && !own.foot.empty()) {
    level.foot = std::move(own.foot);
    own.foot.clear();
  }
  append(level, level.foot, false);
  if (levels_.empty()) {
    insert(level, level.after_heads, own.inline_, false);
    return append(level, own.foot, false);
  }
  Level& parent = levels_.back();
  parent.expanded += level.expanded - 1;
  parent.alias_bytes += level.alias_bytes;
  parent.wants_key = true;
  if (!parent.is_map) {
    insert(parent, level.after_heads, own.inline_, true);
    return append(parent, own.foot, false);
  }
  parent.merges = false;
  insert(level, level.after_heads, own.inline_, false);
  if (parent.foot.empty()) {
    parent.foot = std::move(own.foot);
  } else {
    append(level, own.foot, false);
  }
}

void TreeBuilder::check_merge(NodeKind kind) const {
  const Level& level = levels_.back();
  if (!level.merges || !first_document() || kind == NodeKind::map) return;
  if (kind == NodeKind::list && level.is_map) return;
  refuse("map merge requires map or sequence of maps as the value", document_[level.node].begin);
}

// --- comments ------------------------------------------------------------------------------------------------------

NodeId TreeBuilder::add_comment(std::uint32_t line, NodeId parent, bool inline_comment) {
  CommentLine& from = comments_.lines[line];
  const NodeId id = document_.add(NodeKind::comment, parent);
  Node& node = document_[id];
  node.span = from.span;
  node.begin = from.span.begin;
  node.text = document_.text({from.span.begin + 1, from.span.end});
  node.in_flow = from.in_flow;
  node.inline_comment = inline_comment;
  check_leaves(document_.size());
  return id;
}

void TreeBuilder::append(const Level& level, const CommentLines& lines, bool inline_comment) {
  for (const std::uint32_t line : lines) {
    comments_.lines[line].placed = true;
    if (!level.is_metadata) add_comment(line, level.node, inline_comment);
  }
}

// Into the children of `owner`, behind `after`.
void TreeBuilder::insert(const Level& owner, NodeId after, const CommentLines& lines, bool inline_comment) {
  for (const std::uint32_t line : lines) {
    comments_.lines[line].placed = true;
    if (owner.is_metadata) continue;
    const NodeId id = add_comment(line, no_node, inline_comment);
    document_.link_after(owner.node, after, id);
    after = id;
  }
}

// --- refusals ------------------------------------------------------------------------------------------------------

void TreeBuilder::defer(const std::string& problem, std::uint32_t at) {
  if (!plain() || deferred_) return;
  deferred_.emplace(ExitCode::error_encrypting_tree, "Error encrypting tree: Error walking tree: " + problem,
                    place_of(document_.source(), at));
}

void TreeBuilder::refuse(const std::string& problem, std::uint32_t at) const {
  throw Error(ExitCode::could_not_read_input, "yaml: " + problem, place_of(document_.source(), at));
}

void TreeBuilder::refuse_root(const char* type, const char* plural, std::uint32_t at) const {
  const Place place = place_of(document_.source(), at);
  const std::string first = "yaml: unmarshal errors:\n  line " + std::to_string(place.line) + ": cannot unmarshal " +
                            type + " into map[string]interface {}";
  const std::string later = std::string("YAML documents that are ") + plural + " are not supported";
  throw Error(ExitCode::could_not_read_input, first_document() ? first : later, place);
}

}  // namespace leafseal::yaml
