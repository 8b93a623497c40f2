#include "formats/yaml_replace.hpp"

#include <algorithm>

#include "formats/yaml_flow_text.hpp"
#include "formats/yaml_layout.hpp"
#include "formats/yaml_scalar_form.hpp"

namespace leafseal::yaml {
namespace {

bool is_container(const Node& node) { return node.kind == NodeKind::map || node.kind == NodeKind::list; }

class Replacement {
 public:
  Replacement(const Document& document, NodeId node, const Document& value, NodeId value_node,
              const FragmentStyle& style, Edits& edits)
      : document_(document),
        source_(document.source()),
        node_(document[node]),
        id_(node),
        value_(value),
        value_id_(value_node),
        new_(value[value_node]),
        style_(style),
        edits_(edits),
        slot_(value_slot(document, node)) {}

  void run() {
    if (node_.in_flow) {
      put_in_flow();
    } else {
      put_in_block();
    }
  }

 private:
  // Where the replaced text begins, behind an anchor or a tag that stays.
  std::uint32_t value_begin() {
    if (is_absent(document_, id_)) return slot_.properties_end;
    if (node_.tag.empty()) return content_begin(document_, id_);
    if (keeps_tag()) return node_.span.begin;
    const bool anchor_first = node_.tag.begin != node_.begin;
    if (anchor_first) return node_.tag.begin;
    const std::uint32_t behind = skip_blanks(source_, node_.tag.end);
    const bool anchor_behind = behind < source_.size() && source_[behind] == '&';
    if (!anchor_behind) return node_.begin;
    edits_.push_back({{node_.tag.begin, behind}, ""});
    return content_begin(document_, id_);
  }

  bool keeps_tag() const {
    if (node_.kind != NodeKind::scalar || node_.type != ScalarType::string) return false;
    return new_.kind == NodeKind::scalar && new_.type == ScalarType::string && document_.text(node_.tag) != "!!binary";
  }

  // `k: !!str`: a tag with nothing behind it, on the key's line.
  bool drops_tag_alone() const {
    return is_absent(document_, id_) && !node_.tag.empty() && !keeps_tag() && node_.tag.begin < slot_.properties_end;
  }

  FlowQuotes quotes() const {
    const bool key = document_.text(node_.key_span).starts_with('"');
    return key || node_.style == Style::double_quoted ? FlowQuotes::quoted : FlowQuotes::canonical;
  }

  void put_in_flow() {
    const std::string text = flow_text(value_, value_id_, quotes());
    if (!is_absent(document_, id_)) {
      edits_.push_back({{value_begin(), node_.span.end}, text});
      return;
    }
    const std::uint32_t end = slot_.properties_end, begin = drops_tag_alone() ? slot_.after : end;
    const std::string anchor = drops_tag_alone() ? anchor_before(end) : "";
    edits_.push_back({{begin, end}, anchor + (slot_.separator ? " " : ": ") + text});
  }

  // The new value as it follows `:` or `-`, lines below it at their column; begins with a blank or a break.
  std::string block_text(bool in_list) const {
    FragmentStyle style = style_;
    const std::uint32_t last = value_end(), outer = column(source_, block_entry_begin(document_, id_));
    style.final_break = line_end(source_, last) != source_.size();
    style.block_scalars = !deeper_comment_follows(source_, last, outer);
    if (in_list) return block_item(value_, value_id_, style).substr(1);
    return block_entry("k", value_, value_id_, style).substr(2);
  }

  std::string quoted_like_before(const std::string& text) const {
    if (new_.kind != NodeKind::scalar || new_.type != ScalarType::string || node_.kind != NodeKind::scalar) return text;
    std::string out = " ";
    if (node_.style == Style::double_quoted && node_.type == ScalarType::string) {
      append_double_quoted(new_.text, out);
      return out;
    }
    ScalarForm form = canonical_form(ScalarType::string, new_.text);
    const bool quotable = (form.style == Style::plain || form.style == Style::single_quoted) && form.tag.empty();
    if (node_.style != Style::single_quoted || !quotable) return text;
    form.style = Style::single_quoted;
    return out + one_line(form, false);
  }

  // The lines of a block scalar stand where those of the old one stood.
  std::uint32_t old_content_column() const {
    if (node_.style != Style::literal || new_.kind != NodeKind::scalar) return 0;
    const std::uint32_t line = skip_blank_lines(source_, next_line(source_, node_.span.begin));
    return line < node_.span.end ? skip_blanks(source_, line) - line : 0;
  }

  void put_in_block() {
    const bool in_list = node_.parent != no_node && document_[node_.parent].kind == NodeKind::list;
    const bool absent = is_absent(document_, id_);
    std::string text = quoted_like_before(block_text(in_list));
    // An anchor that stays keeps a collection off its line.
    const bool anchored_item = in_list && !absent && is_container(new_) && new_.first_child != no_node &&
                               content_begin(document_, id_) > skip_blanks(source_, slot_.after);
    if (anchored_item) text = "\n  " + text.substr(1);
    const std::size_t cut = std::min(text.find('\n'), text.size());
    const std::string first = text.substr(0, cut), rest = text.substr(cut);

    const std::uint32_t own_line_end = line_end(source_, slot_.after);
    if (!absent && content_begin(document_, id_) > own_line_end) {
      replace_lines_below(first, rest, own_line_end);
      return;
    }
    if (drops_tag_alone()) {
      const std::string lines = indented(rest, rest_column(in_list, slot_.after), file_break(source_));
      put_around_comment(slot_.after, slot_.properties_end, anchor_before(slot_.properties_end) + first, lines);
      return;
    }
    const std::uint32_t begin = absent ? slot_.properties_end : value_begin();
    const std::uint32_t end = absent ? begin : value_end();
    const bool gap = begin > slot_.after;  // blanks, or an anchor that stays
    std::uint32_t from = begin;
    if (first.empty()) {
      while (from > slot_.after && (source_[from - 1] == ' ' || source_[from - 1] == '\t')) --from;
    }
    const bool blank_before = from > 0 && (source_[from - 1] == ' ' || source_[from - 1] == '\t');
    const std::string head = gap && blank_before && !first.empty() ? first.substr(1) : first;
    const std::uint32_t below = anchored_item ? column(source_, node_.key_span.begin) : rest_column(in_list, begin);
    put_around_comment(from, end, head, indented(rest, below, file_break(source_)));
  }

  // The end of the old value, comments inside a block with it.
  std::uint32_t value_end() const {
    const bool block = is_container(node_) && node_.style != Style::flow;
    return block ? std::max(entry_end(document_, id_), node_.span.end) : node_.span.end;
  }

  // Text on the line of the key, a comment on that line, the lines below.
  void put_around_comment(std::uint32_t from, std::uint32_t end, const std::string& head, const std::string& lines) {
    const bool block_scalar = node_.style == Style::literal || node_.style == Style::folded;
    const std::uint32_t header_end = block_scalar ? line_end(source_, node_.span.begin) : end;
    if (block_scalar) {
      std::uint32_t indicators = node_.span.begin;
      while (indicators < header_end && source_[indicators] != ' ' && source_[indicators] != '\t') ++indicators;
      if (skip_blanks(source_, indicators) < header_end) {
        edits_.push_back({{from, indicators}, head});
        edits_.push_back({{header_end, std::max(end, header_end)}, lines});
        return;
      }
    }
    const std::uint32_t stop = line_end(source_, end);
    if (lines.empty()) {
      edits_.push_back({{from, end}, head});
      return;
    }
    if (skip_blanks(source_, end) == stop) {
      edits_.push_back({{from, stop}, head + lines});
      return;
    }
    edits_.push_back({{from, end}, head});
    edits_.push_back({{stop, stop}, lines});
  }

  // The old value stands below its key.
  void replace_lines_below(const std::string& first, const std::string& rest, std::uint32_t own_line_end) {
    const bool in_list = document_[node_.parent].kind == NodeKind::list;
    const std::uint32_t slot = slot_.properties_end;
    const std::string lines = indented(rest, rest_column(in_list, slot), file_break(source_));
    if (!keeps_tag() && slot > slot_.after && !node_.tag.empty() && node_.tag.begin < slot) {
      edits_.push_back({{slot_.after, slot}, anchor_before(slot) + first});
    } else if (!first.empty()) {
      edits_.push_back({{slot, slot}, first});
    }
    edits_.push_back({{own_line_end, line_end(source_, value_end())}, lines});
  }

  std::string anchor_before(std::uint32_t end) const {
    const std::size_t at = source_.substr(0, end).find('&', slot_.after);
    if (at == source_.npos) return "";
    const std::size_t stop = std::min<std::size_t>(source_.find_first_of(" \t", at), end);
    return ' ' + std::string(source_.substr(at, stop - at));
  }

  std::uint32_t rest_column(bool in_list, std::uint32_t begin) const {
    if (const std::uint32_t old = old_content_column(); old > 0 && new_.kind == NodeKind::scalar) {
      const std::uint32_t printed = in_list ? 2 : static_cast<std::uint32_t>(style_.step);
      if (old >= printed && new_.text.find_first_of(" \n\r") != 0) return old - printed;
    }
    if (!in_list) return column(source_, block_entry_begin(document_, id_));
    const std::uint32_t dash = column(source_, node_.key_span.begin);
    const bool same_line = line_start(source_, begin) == line_start(source_, node_.key_span.begin);
    return same_line && is_container(new_) && begin > slot_.after ? column(source_, begin) - 2 : dash;
  }

  const Document& document_;
  std::string_view source_;
  const Node& node_;
  NodeId id_;
  const Document& value_;
  NodeId value_id_;
  const Node& new_;
  FragmentStyle style_;
  Edits& edits_;
  ValueSlot slot_;
};

}  // namespace

void replace_value(const Document& document, NodeId node, const Document& value, NodeId value_node,
                   const FragmentStyle& style, Edits& edits) {
  Replacement(document, node, value, value_node, style, edits).run();
}

}  // namespace leafseal::yaml
