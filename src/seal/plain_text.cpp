#include <algorithm>
#include <unordered_map>

#include "leafseal/sealed_document.hpp"
#include "seal/layout_records.hpp"
#include "seal/same_tree.hpp"

namespace leafseal {
namespace {

struct Resolved {
  const LayoutRecord* record;
  NodeId node;
};

class Renderer {
 public:
  Renderer(const Format& format, const OpenedDocument& opened)
      : format_(format), opened_(opened), lost_break_(lost_break()) {}

  std::string render(const LayoutRecords& records) {
    resolve(records);
    if (!resolved_.empty()) accept(resolved_);
    return with(accepted_);
  }

 private:
  void resolve(const LayoutRecords& records) {
    if (records.empty()) return;
    const Addresses addresses(opened_.sealed);
    for (const LayoutRecord& record : records) {
      const NodeId node =
          record.kind == RecordKind::comment ? addresses.comment_at(record.address) : addresses.at(record.address);
      if (node == no_node) continue;
      const bool leaf_record = record.kind == RecordKind::value || record.kind == RecordKind::tag;
      if (leaf_record && !opened_.was_token[node]) continue;
      resolved_.push_back({&record, node});
    }
  }

  // Takes all records that hold. Records that do not are found by halving: a text that does not parse blames nobody.
  void accept(std::vector<Resolved> candidates) {
    while (!candidates.empty()) {
      std::vector<Resolved> all = accepted_;
      all.insert(all.end(), candidates.begin(), candidates.end());
      const std::optional<std::vector<Resolved>> wrong = check(with(all), all);
      if (wrong && wrong->empty()) {
        accepted_ = std::move(all);
        return;
      }
      const auto is_wrong = [&](const Resolved& r) {
        return std::any_of(wrong->begin(), wrong->end(), [&](const Resolved& w) { return w.record == r.record; });
      };
      if (wrong && std::any_of(candidates.begin(), candidates.end(), is_wrong)) {
        std::erase_if(candidates, is_wrong);
        continue;
      }
      if (candidates.size() == 1) return;
      const auto middle = candidates.begin() + static_cast<std::ptrdiff_t>(candidates.size() / 2);
      accept({candidates.begin(), middle});
      candidates.erase(candidates.begin(), middle);
    }
  }

  // Which of the records do not mean the decrypted value in this text; nothing when it does not parse.
  std::optional<std::vector<Resolved>> check(std::string text, const std::vector<Resolved>& records) const {
    std::vector<Resolved> wrong;
    try {
      const Document plain = format_.parse(std::move(text), ParseMode::sealed);
      const Addresses addresses(plain);
      for (const Resolved& r : records) {
        if (!holds(plain, addresses, r)) wrong.push_back(r);
      }
    } catch (const Error&) {
      return std::nullopt;
    }
    return wrong;
  }

  bool holds(const Document& plain, const Addresses& addresses, const Resolved& r) const {
    const auto& values = opened_.values;
    if (r.record->kind == RecordKind::comment) {
      const NodeId comment = addresses.comment_at(r.record->address);
      return comment != no_node && plain[comment].text == values[r.node].text;
    }
    const NodeId node = addresses.at(r.record->address);
    if (node == no_node) return false;
    if (r.record->kind == RecordKind::alias) {
      return plain[node].kind == NodeKind::alias &&
             same_tree(plain, node, opened_.sealed, r.node, [&](NodeId id) {
               return ScalarView{values[id].type, values[id].text};
             });
    }
    return plain[node].kind == NodeKind::scalar && plain[node].type == values[r.node].type &&
           plain[node].text == values[r.node].text;
  }

  std::string with(const std::vector<Resolved>& records) const {
    const Document& document = opened_.sealed;
    Edits edits;
    std::unordered_map<NodeId, Spelling> spellings;
    std::vector<Span> aliases;
    for (const Resolved& r : records) {
      if (r.record->kind == RecordKind::alias) {
        aliases.push_back({document[r.node].begin, document[r.node].span.end});
        edits.push_back({aliases.back(), r.record->text});
      } else {
        Spelling& spelling = spellings[r.node];
        (r.record->kind == RecordKind::tag ? spelling.tag : spelling.value) = r.record->text;
      }
    }
    std::sort(aliases.begin(), aliases.end(), [](Span a, Span b) { return a.begin < b.begin; });
    edits.reserve(edits.size() + document.size());
    const Spelling none;
    for (NodeId id = 0; id < opened_.was_token.size(); ++id) {
      if (!opened_.was_token[id] || inside(aliases, document[id].span)) continue;
      const auto spelling = spellings.empty() ? spellings.end() : spellings.find(id);
      format_.open(document, id, opened_.values[id], spelling == spellings.end() ? none : spelling->second, edits);
    }
    format_.remove_metadata(document, edits);
    std::string text = apply_edits(document.source(), edits);
    if (lost_break_) text += '\n';
    return text;
  }

  // A file whose last line break some tool took away gives a text without one. Where a block scalar ends that text, the
  // break is part of its value.
  bool lost_break() const {
    const Document& document = opened_.sealed;
    const std::string_view source = document.source();
    const std::string_view last_line = source.substr(source.find_last_of("\r\n") + 1);
    if (last_line.find_first_not_of(" \t") == std::string_view::npos) return false;
    NodeId last = no_node;
    for (NodeId id = 0; id < opened_.was_token.size(); ++id) {
      if (opened_.was_token[id] && (last == no_node || document[id].span.end > document[last].span.end)) last = id;
    }
    if (last == no_node || !opened_.values[last].text.ends_with('\n')) return false;
    if (document[last].style != Style::literal && document[last].style != Style::folded) return false;
    const NodeId metadata = document.metadata.empty() ? no_node : document.metadata.back();
    const std::size_t end = metadata == no_node ? document[last].span.end : document[metadata].span.end;
    if (source.find_first_not_of(" \t\r\n", end) != std::string_view::npos) return false;  // `...` ends the text
    const std::size_t to = metadata == no_node ? source.size() : document[metadata].key_span.begin;
    const std::size_t from = document[last].span.end;
    if (from > to || source.substr(from, to - from).find_first_not_of(" \t\r\n") != std::string_view::npos) return false;
    return metadata == no_node || !ends_in_blanks(source.substr(from, to - from), opened_.values[last].text);
  }

  // Whether a text that ended in a line of blanks without a break could have been sealed to this: `between` stands behind
  // the token, and the break that ends it came with the metadata. A scalar that keeps its breaks tells by their number.
  static bool ends_in_blanks(std::string_view between, std::string_view value) {
    const auto drop_break = [](std::string_view& text) {
      if (text.ends_with('\n')) text.remove_suffix(1);
      if (text.ends_with('\r')) text.remove_suffix(1);
    };
    std::size_t breaks = 0;
    for (std::size_t i = 0; i < between.size(); ++i) {
      const bool pair = between[i] == '\r' && i + 1 < between.size() && between[i + 1] == '\n';
      if ((between[i] == '\n' || between[i] == '\r') && !pair) ++breaks;
    }
    drop_break(between);
    if (!between.ends_with(' ') && !between.ends_with('\t')) return false;
    const std::size_t content = value.find_last_not_of('\n') + 1;  // 0: the token has a line that the text has not
    return value.size() - content != breaks - (content == 0 ? 1 : 0);
  }

  static bool inside(const std::vector<Span>& sorted, Span span) {
    const auto after = std::upper_bound(sorted.begin(), sorted.end(), span.begin,
                                        [](std::uint32_t at, Span s) { return at < s.begin; });
    return after != sorted.begin() && span.end <= std::prev(after)->end;
  }

  const Format& format_;
  const OpenedDocument& opened_;
  const bool lost_break_;
  std::vector<Resolved> resolved_;
  std::vector<Resolved> accepted_;
};

}  // namespace

std::string plain_text(const Format& format, const OpenedDocument& opened, LeafCipher& cipher, const Warn& warn) {
  return Renderer(format, opened).render(read_layout(opened, cipher, warn));
}

std::string plain_text(const Format& format, OpenedDocument&& opened, LeafCipher& cipher, const Warn& warn) {
  const NodeId leaf = opened.sealed[opened.sealed.roots.at(0)].first_child;
  const bool whole = format.opaque() && leaf != no_node && opened.sealed[leaf].next == no_node && opened.was_token[leaf];
  if (!whole || opened.values[leaf].type != ScalarType::string) return plain_text(format, opened, cipher, warn);
  return std::move(opened.values[leaf].text);
}

}  // namespace leafseal
