#include "formats/yaml_metadata.hpp"

#include "formats/yaml_children.hpp"
#include "formats/yaml_difference.hpp"
#include "formats/yaml_flow_text.hpp"
#include "formats/yaml_layout.hpp"

namespace leafseal {
namespace {

constexpr std::string_view metadata_key = "sops";
constexpr std::string_view first_document_member = "leafseal";

std::uint32_t size_of(std::string_view text) { return static_cast<std::uint32_t>(text.size()); }

bool is_flow_root(const Document& document, NodeId root) {
  return document[root].style == Style::flow && !document[root].span.empty();
}

// `null` or `~`: nothing can be added to it.
bool is_explicit_null(const Document& document, NodeId root) {
  return document[root].style == Style::plain && !document[root].span.empty();
}

// The first document with the member that only it has, and the same without, made when it is needed.
class Trees {
 public:
  Trees(const Document& metadata, NodeId node) : whole_(metadata), whole_node_(node) {
    if (metadata.find(node, first_document_member) == no_node) {
      rest_node_ = no_node;
      return;
    }
    rest_node_ = rest_.add(NodeKind::map, no_node);
    for (NodeId at = metadata[node].first_child; at != no_node; at = metadata[at].next) {
      if (metadata[at].key != first_document_member) rest_.copy(metadata, at, rest_node_);
    }
  }
  const Document& tree(std::size_t document) const { return document == 0 || rest_node_ == no_node ? whole_ : rest_; }
  NodeId node(std::size_t document) const { return document == 0 || rest_node_ == no_node ? whole_node_ : rest_node_; }

 private:
  const Document& whole_;
  NodeId whole_node_;
  Document rest_;
  NodeId rest_node_ = no_node;
};

void add_flow_entry(const Document& document, NodeId root, const Document& tree, NodeId node, Edits& edits) {
  const std::string_view source = document.source();
  const std::uint32_t close = document[root].span.end - 1;
  const std::string entry = yaml::flow_entry(metadata_key, tree, node, yaml::FlowQuotes::quoted);
  const std::vector<NodeId> children = yaml::entries_in_source(document, root);
  if (children.empty()) {
    edits.push_back({{close, close}, entry});
    return;
  }
  const std::uint32_t last = yaml::entry_end_in_flow(document, children.back());
  const std::uint32_t behind = yaml::skip_space(source, last, close);
  const bool comma = behind < close && source[behind] == ',';
  edits.push_back({{close, close}, comma ? entry + ',' : ", " + entry});
}

void add_block(const Document& document, NodeId root, const Document& tree, NodeId node, Edits& edits) {
  const std::string_view source = document.source();
  const std::string line_break = yaml::file_break(source);
  const std::uint32_t place = yaml::document_end(document, root);
  const bool has_entries = !yaml::entries_in_source(document, root).empty();
  const std::uint32_t column = has_entries ? yaml::column(source, yaml::content_begin(document, root)) : 0;
  const std::string block = std::string(column, ' ') +
                            yaml::indented(yaml::block_entry(metadata_key, tree, node, {}), column, line_break);
  const bool open_line = place > 0 && yaml::line_start(source, place) != place;
  edits.push_back({{place, place}, open_line ? line_break + block : block + line_break});
}

void remove_flow_entry(const Document& document, NodeId root, NodeId node, Edits& edits) {
  const std::string_view source = document.source();
  const Span inside{document[root].span.begin + 1, document[root].span.end - 1};
  std::uint32_t begin = document[node].key_span.begin;
  const std::uint32_t end = yaml::entry_end_in_flow(document, node);
  const std::uint32_t behind = yaml::skip_space(source, end, inside.end);
  if (behind < inside.end && source[behind] == ',') {
    std::uint32_t to = behind + 1;
    if (yaml::skip_space(source, to, inside.end) < inside.end) to = yaml::skip_blanks(source, to);
    edits.push_back({{begin, to}, ""});
    return;
  }
  std::uint32_t from = begin;
  while (from > inside.begin && (source[from - 1] == ' ' || source[from - 1] == '\t')) --from;
  if (from > inside.begin && source[from - 1] == ',') begin = from - 1;
  edits.push_back({{begin, end}, ""});
}

// The reference seals an empty document as nothing but the entry; without it there would be no document left.
bool leaves_no_document(const Document& document, std::size_t index, std::uint32_t begin, std::uint32_t end) {
  if (index > 0 || document[document.roots[0]].first_child != no_node) return false;
  const std::string_view source = document.source();
  const bool nothing_before = begin == (document.bom && source.starts_with("\xef\xbb\xbf") ? 3U : 0U);
  return nothing_before && (end == source.size() || document.roots.size() > 1);
}

void remove_block(const Document& document, std::size_t index, NodeId node, Edits& edits) {
  const std::string_view source = document.source();
  const std::uint32_t entry = yaml::block_entry_begin(document, node);
  std::uint32_t begin = yaml::line_start(source, entry);
  const std::uint32_t end = yaml::next_line(source, yaml::entry_end(document, node));
  if (leaves_no_document(document, index, begin, end)) {
    const bool open = yaml::line_start(source, end) != end;
    edits.push_back({{begin, end}, open ? "{}" : "{}" + yaml::file_break(source)});
    return;
  }
  const bool open_line = end == size_of(source) && yaml::line_start(source, end) != end;
  if (open_line && begin > 0) begin = yaml::line_end_before(source, begin);
  edits.push_back({{begin, end}, ""});
}

}  // namespace

void write_yaml_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) {
  const Trees trees(metadata, node);
  for (std::size_t i = 0; i < document.roots.size(); ++i) {
    const NodeId root = document.roots[i], old = document.metadata[i];
    if (old != no_node) {
      yaml::change_into(document, old, trees.tree(i), trees.node(i), yaml::detect_style(document, old, no_node), edits);
    } else if (is_flow_root(document, root)) {
      add_flow_entry(document, root, trees.tree(i), trees.node(i), edits);
    } else if (!is_explicit_null(document, root)) {
      add_block(document, root, trees.tree(i), trees.node(i), edits);
    }
  }
}

void remove_yaml_metadata(const Document& document, Edits& edits) {
  for (std::size_t i = 0; i < document.roots.size(); ++i) {
    const NodeId root = document.roots[i], old = document.metadata[i];
    if (old == no_node) continue;
    if (is_flow_root(document, root)) {
      remove_flow_entry(document, root, old, edits);
    } else {
      remove_block(document, i, old, edits);
    }
  }
}

}  // namespace leafseal
