#include <algorithm>

#include "formats/yaml_children.hpp"
#include "formats/yaml_layout.hpp"
#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

class BlockChildren {
 public:
  BlockChildren(const Document& document, NodeId container, const ChildChanges& changes, const Document& other,
                const FragmentStyle& style, Edits& edits)
      : document_(document),
        source_(document.source()),
        container_(container),
        changes_(changes),
        other_(other),
        style_(style),
        edits_(edits),
        size_(static_cast<std::uint32_t>(source_.size())),
        break_(file_break(source_)) {}

  void run() {
    column_ = column(source_, content_begin(document_, container_));
    for (std::size_t at = 0; at < changes_.size();) {
      if (kept(changes_[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < changes_.size() && !kept(changes_[end])) ++end;
      change(at, end);
      at = end;
    }
  }

 private:
  static bool kept(const ChildChange& change) { return change.old != no_node && !change.removed; }

  // Entries [begin, end) of which none stays.
  void change(std::size_t begin, std::size_t end) {
    const NodeId before = begin > 0 ? changes_[begin - 1].old : no_node;
    const NodeId after = end < changes_.size() ? changes_[end].old : no_node;
    std::vector<NodeId> removed;
    for (std::size_t i = begin; i < end; ++i) {
      if (changes_[i].old != no_node) removed.push_back(changes_[i].old);
    }
    if (before == no_node && after == no_node) {
      replace_all(removed, begin, end);
      return;
    }
    insert(begin, end, before, after);
    for (std::size_t i = 0; i < removed.size(); ++i) {
      const NodeId next = i + 1 < removed.size() ? removed[i + 1] : after;
      remove(removed[i], before, next);
    }
  }

  // `last`: a place on the line before the one that will follow.
  std::string fresh_text(std::size_t begin, std::size_t end, bool final_break, std::uint32_t last) const {
    FragmentStyle style = style_;
    style.final_break = final_break;
    style.block_scalars = !deeper_comment_follows(source_, last, column_);
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
      if (changes_[i].fresh == no_node) continue;
      if (!text.empty()) text += '\n';
      text += document_[container_].kind == NodeKind::map ? block_entry(changes_[i].key, other_, changes_[i].fresh, style)
                                                          : block_item(other_, changes_[i].fresh, style);
    }
    return text;
  }

  std::string blanks() const { return std::string(column_, ' '); }

  void insert(std::size_t begin, std::size_t end, NodeId before, NodeId after) {
    const bool any = std::any_of(&changes_[begin], &changes_[begin] + (end - begin),
                                 [](const ChildChange& change) { return change.fresh != no_node; });
    if (!any) return;
    if (before == no_node) {
      const std::uint32_t place = block_entry_begin(document_, after);
      const std::string text = indented(fresh_text(begin, end, true, place), column_, break_);
      edits_.push_back({{place, place}, text + break_ + blanks()});
      return;
    }
    const std::uint32_t place = lines_end(before);
    const bool open_line = place == size_ && line_end(source_, line_start(source_, place)) == place &&
                           line_start(source_, place) != place;
    const std::uint32_t last = place > 0 ? place - 1 : 0;
    const std::string text = blanks() + indented(fresh_text(begin, end, !open_line, last), column_, break_);
    if (open_line) close_scalar(before);
    edits_.push_back({{place, place}, open_line ? break_ + text : text + break_});
  }

  // A block scalar that ends the text without a break must not gain one.
  void close_scalar(NodeId entry) {
    const BlockScalarEnd end = block_scalar_end(document_, entry);
    if (!end.block || document_[end.node].span.end != entry_end(document_, entry)) return;
    const Span span = document_[end.node].span;
    const std::string_view header = source_.substr(span.begin, line_end(source_, span.begin) - span.begin);
    if (header.size() == span.size()) return;  // no content
    const std::string_view indicators = header.substr(0, header.find_first_of(" \t"));
    if (indicators.find('-') != indicators.npos) return;
    const auto keep = static_cast<std::uint32_t>(end.keeps ? indicators.find('+') : 1);
    edits_.push_back({{span.begin + keep, span.begin + keep + (end.keeps ? 1U : 0U)}, "-"});
  }

  // Behind the last line of an entry; blank lines belong to it where its block scalar keeps them.
  std::uint32_t lines_end(NodeId entry) const {
    const std::uint32_t end = next_line(source_, entry_end(document_, entry));
    return block_scalar_end(document_, entry).keeps ? skip_blank_lines(source_, end) : end;
  }

  void remove(NodeId entry, NodeId before, NodeId next) {
    const std::uint32_t begin = block_entry_begin(document_, entry);
    std::uint32_t end = lines_end(entry);
    const BlockScalarEnd above = before == no_node ? BlockScalarEnd{} : block_scalar_end(document_, before);
    if (above.keeps) end = skip_blank_lines(source_, end);
    if (!first_on_line(source_, begin)) {
      // The first entry, behind a dash: the next thing, a comment perhaps, moves up to its place.
      end = skip_blank_lines(source_, end);
      end = std::min(skip_blanks(source_, end), block_entry_begin(document_, next));
      edits_.push_back({{begin, end}, ""});
      return;
    }
    std::uint32_t from = line_start(source_, begin);
    const bool open_line = end == size_ && line_start(source_, end) != end;
    if (open_line && from > 0 && !above.block) from = line_end_before(source_, from);
    edits_.push_back({{from, end}, ""});
    if (above.block) keep_out(end, next);
  }

  // Comments left deeper than the entries would become text of the block scalar that now precedes them.
  void keep_out(std::uint32_t line, NodeId next) {
    const std::uint32_t stop = next == no_node ? size_ : line_start(source_, block_entry_begin(document_, next));
    while (line < stop) {
      const std::uint32_t text = skip_blanks(source_, line);
      if (text < size_ && source_[text] != '#' && break_length(source_, text) == 0) break;
      if (text < size_ && source_[text] == '#' && text - line > column_) edits_.push_back({{line + column_, text}, ""});
      line = next_line(source_, text);
    }
  }

  void replace_all(const std::vector<NodeId>& removed, std::size_t begin, std::size_t end) {
    const std::uint32_t first = block_entry_begin(document_, removed.front());
    const std::uint32_t last = entry_end(document_, removed.back());
    const bool final_break = line_end(source_, last) != size_;
    const std::string text = indented(fresh_text(begin, end, final_break, last), column_, break_);
    if (!text.empty()) {
      edits_.push_back({{first, last}, text});
      return;
    }
    const std::string empty = document_[container_].kind == NodeKind::map ? "{}" : "[]";
    const bool root = document_[container_].parent == no_node;
    if (root || !first_on_line(source_, first)) {
      edits_.push_back({{first, last}, empty});
      return;
    }
    const std::uint32_t slot = value_slot(document_, container_).properties_end;
    edits_.push_back({{slot, slot}, ' ' + empty});
    for (std::size_t i = 0; i < removed.size(); ++i) {
      remove(removed[i], no_node, i + 1 < removed.size() ? removed[i + 1] : no_node);
    }
  }

  const Document& document_;
  std::string_view source_;
  NodeId container_;
  const ChildChanges& changes_;
  const Document& other_;
  FragmentStyle style_;
  Edits& edits_;
  std::uint32_t size_;
  std::string break_;
  std::uint32_t column_ = 0;
};

}  // namespace

std::vector<NodeId> entries_in_source(const Document& document, NodeId container) {
  std::vector<NodeId> entries;
  for (NodeId at = document[container].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind != NodeKind::comment) entries.push_back(at);
  }
  for (std::size_t i = 0; i < document.roots.size(); ++i) {
    if (document.roots[i] != container || document.metadata[i] == no_node) continue;
    const NodeId metadata = document.metadata[i];
    const auto behind = [&](NodeId a, NodeId b) { return document[a].key_span.begin < document[b].key_span.begin; };
    entries.insert(std::upper_bound(entries.begin(), entries.end(), metadata, behind), metadata);
  }
  return entries;
}

void change_block_children(const Document& document, NodeId container, const ChildChanges& changes, const Document& other,
                           const FragmentStyle& style, Edits& edits) {
  BlockChildren(document, container, changes, other, style, edits).run();
}

void change_children(const Document& document, NodeId container, const ChildChanges& changes, const Document& other,
                     const FragmentStyle& style, Edits& edits) {
  if (document[container].style == Style::flow) {
    change_flow_children(document, container, changes, other, edits);
  } else {
    change_block_children(document, container, changes, other, style, edits);
  }
}

}  // namespace leafseal::yaml
