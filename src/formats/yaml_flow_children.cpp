#include <algorithm>

#include "formats/yaml_children.hpp"
#include "formats/yaml_flow_text.hpp"
#include "formats/yaml_layout.hpp"

namespace leafseal::yaml {
namespace {

// An entry's own bytes, without commas and what surrounds them.
struct Extent {
  Span own;
  std::uint32_t comma = 0;  // where the comma behind it stands, or 0
};

class FlowChildren {
 public:
  FlowChildren(const Document& document, NodeId container, const ChildChanges& changes, const Document& other,
               Edits& edits)
      : document_(document),
        source_(document.source()),
        container_(container),
        changes_(changes),
        other_(other),
        edits_(edits) {}

  void run() {
    measure();
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

  void measure() {
    const std::uint32_t close = document_[container_].span.end - 1;
    std::uint32_t at = document_[container_].span.begin + 1;
    for (const ChildChange& change : changes_) {
      extents_.emplace_back();
      if (change.old == no_node) continue;
      Extent& extent = extents_.back();
      extent.own.begin = skip_space(source_, at, close);
      extent.own.end = std::max(extent.own.begin, entry_end_in_flow(document_, change.old));
      at = skip_space(source_, extent.own.end, close);
      if (at < close && source_[at] == ',') extent.comma = at++;
    }
  }

  // JSON's if the first key or string around here has them.
  FlowQuotes quotes() const {
    const auto quoted_key = [&](NodeId id) { return document_.text(document_[id].key_span).starts_with('"'); };
    NodeId at = container_;
    for (const ChildChange& change : changes_) {
      if (change.old != no_node && at == container_) at = change.old;
    }
    bool quoted = quoted_key(container_) || quoted_key(at);
    while (!quoted && (document_[at].kind == NodeKind::map || document_[at].kind == NodeKind::list) &&
           document_[at].first_child != no_node) {
      at = document_[at].first_child;
      quoted = quoted_key(at);
    }
    return quoted || document_[at].style == Style::double_quoted ? FlowQuotes::quoted : FlowQuotes::canonical;
  }

  // What stands between a comma and the entry behind it, as far as it is blank.
  std::string gap() const {
    std::uint32_t from = document_[container_].span.begin + 1;
    bool first = true;
    std::string found = " ";
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i].old == no_node) continue;
      const std::string_view text = source_.substr(from, extents_[i].own.begin - from);
      const bool blank = text.find_first_not_of(" \t\r\n") == text.npos;
      if (blank && (!first || text.find_first_of("\r\n") != text.npos)) found = text;
      if (!first && blank) break;
      first = false;
      from = extents_[i].comma != 0 ? extents_[i].comma + 1 : extents_[i].own.end;
    }
    return found;
  }

  std::string fresh_text(std::size_t begin, std::size_t end, const std::string& separator) const {
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
      if (changes_[i].fresh == no_node) continue;
      if (!text.empty()) text += separator;
      const NodeId fresh = changes_[i].fresh;
      const bool map = document_[container_].kind == NodeKind::map;
      text += map ? flow_entry(changes_[i].key, other_, fresh, quotes()) : flow_text(other_, fresh, quotes());
    }
    return text;
  }

  // Entries [begin, end) of which none stays.
  void change(std::size_t begin, std::size_t end) {
    const std::string blank = gap(), separator = ',' + blank;
    const std::string text = fresh_text(begin, end, separator);
    std::size_t first = end, last = end;  // the removed ones
    for (std::size_t i = begin; i < end; ++i) {
      if (changes_[i].old == no_node) continue;
      if (first == end) first = i;
      last = i;
    }
    if (end < changes_.size()) {
      const std::uint32_t next = extents_[end].own.begin;
      if (first != end) remove_before(first, last, next);
      if (!text.empty()) edits_.push_back({{next, next}, text + separator});
    } else if (begin > 0) {
      const Extent& stay = extents_[begin - 1];
      if (first == end) {
        append(stay, text, blank);
      } else {
        remove_tail(stay, first, last, text.empty() ? text : separator + text);
      }
    } else {
      replace_all(extents_[first], extents_[last], text);
    }
  }

  // Nothing stays but comments.
  void replace_all(const Extent& first, const Extent& last, const std::string& text) {
    const Span inside{document_[container_].span.begin + 1, document_[container_].span.end - 1};
    const std::string_view before = source_.substr(inside.begin, first.own.begin - inside.begin);
    const std::string_view behind = source_.substr(last.own.end, inside.end - last.own.end);
    if (text.empty() && before.find('#') == before.npos && behind.find('#') == behind.npos) {
      edits_.push_back({inside, ""});
    } else {
      const bool comma = last.comma != 0 && text.empty();
      edits_.push_back({{first.own.begin, comma ? last.comma + 1 : last.own.end}, text});
    }
  }

  // Comments between the removed entries and the next one stay.
  void remove_before(std::size_t first, std::size_t last, std::uint32_t next) {
    for (std::size_t i = first; i <= last; ++i) {
      if (changes_[i].old == no_node) continue;
      const std::uint32_t behind = extents_[i].comma + 1;
      std::uint32_t end = next;
      if (i != last) {
        std::size_t j = i + 1;
        while (changes_[j].old == no_node) ++j;
        end = extents_[j].own.begin;
      }
      const std::string_view between = source_.substr(behind, end - behind);
      if (between.find('#') != between.npos) end = behind;
      edits_.push_back({{extents_[i].own.begin, end}, ""});
    }
  }

  // Behind `key:` without a value: the next thing there must be a blank, or the colon becomes part of the key.
  std::string guard(const Extent& stay) const { return source_[stay.own.end - 1] == ':' ? " " : ""; }

  // At the end, behind the entry `stay`.
  void append(const Extent& stay, const std::string& text, const std::string& blank) {
    if (text.empty()) return;
    const std::uint32_t close = document_[container_].span.end - 1;
    const std::uint32_t rest = skip_blanks(source_, stay.comma != 0 ? stay.comma + 1 : stay.own.end);
    const bool commented = rest < close && source_[rest] == '#';
    const bool breaks = blank.find_first_of("\r\n") != blank.npos;
    const std::string gap = commented && !breaks ? file_break(source_) + blank : blank;
    const std::uint32_t place = commented ? line_end(source_, rest) : stay.comma != 0 ? stay.comma + 1 : stay.own.end;
    if (stay.comma != 0) {
      edits_.push_back({{place, place}, gap + text + ','});
    } else if (commented) {
      edits_.push_back({{stay.own.end, stay.own.end}, guard(stay) + ','});
      edits_.push_back({{place, place}, gap + text});
    } else {
      edits_.push_back({{place, place}, guard(stay) + ',' + gap + text});
    }
  }

  // The entries from `first` on go, and the comma before them; a comma behind the last one stays.
  void remove_tail(const Extent& stay, std::size_t first, std::size_t last, const std::string& text) {
    bool commented = false;
    std::uint32_t from = stay.comma;
    for (std::size_t i = first; i <= last; ++i) {
      if (changes_[i].old == no_node) continue;
      commented |= source_.substr(from, extents_[i].own.begin - from).find('#') != source_.npos;
      from = extents_[i].own.end;
    }
    if (!commented) {
      edits_.push_back({{stay.own.end, extents_[last].own.end}, guard(stay) + text});
      return;
    }
    edits_.push_back({{stay.own.end, stay.comma + (extents_[last].comma != 0 ? 0 : 1)}, guard(stay) + text});
    for (std::size_t i = first; i <= last; ++i) {
      if (changes_[i].old == no_node) continue;
      const Extent& extent = extents_[i];
      edits_.push_back({{extent.own.begin, extent.comma != 0 ? extent.comma + 1 : extent.own.end}, ""});
    }
  }

  const Document& document_;
  std::string_view source_;
  NodeId container_;
  const ChildChanges& changes_;
  const Document& other_;
  Edits& edits_;
  std::vector<Extent> extents_;
};

}  // namespace

void change_flow_children(const Document& document, NodeId container, const ChildChanges& changes,
                          const Document& other, Edits& edits) {
  FlowChildren(document, container, changes, other, edits).run();
}

}  // namespace leafseal::yaml
