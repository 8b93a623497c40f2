#include "formats/ini_scan.hpp"

#include <unordered_map>

#include "formats/flat_text.hpp"
#include "formats/ini_comment.hpp"
#include "formats/ini_space.hpp"
#include "formats/ini_value.hpp"
#include "formats/limits.hpp"

namespace leafseal {
namespace {

std::uint32_t offset(std::size_t at) { return static_cast<std::uint32_t>(at); }

struct Key {
  std::string_view name;
  Span span;               // with its quotes
  std::size_t behind = 0;  // its delimiter
};

class Scanner {
 public:
  Scanner(std::string source, ParseMode mode)
      : document_(std::move(source)), source_(document_.source()), mode_(mode) {}

  Document run() {
    document_.reserve(expected_nodes(source_, mode_));
    const NodeId root = document_.add(NodeKind::map, no_node);
    document_.roots.push_back(root);
    document_.metadata.push_back(no_node);
    document_[root].span.end = offset(source_.size());
    std::size_t at = skip_mark();
    open_section("DEFAULT", {});
    document_[section_].span = {offset(at), offset(at)};
    while (at < source_.size()) {
      at = read_line(at);
      check_leaves(document_.size());
    }
    add_trailing_comment();
    if (in_metadata_) close_metadata();
    return std::move(document_);
  }

 private:
  // A byte order mark; of UTF-16 ones the reference skips no more than the mark, either.
  std::size_t skip_mark() {
    document_.bom = source_.starts_with("\xef\xbb\xbf");
    if (document_.bom) return 3;
    return source_.starts_with("\xfe\xff") || source_.starts_with("\xff\xfe") ? 2 : 0;
  }

  // Returns the offset of the next line, which may be several further: values can be long.
  std::size_t read_line(std::size_t at) {
    const std::size_t found = source_.find('\n', at);
    const std::size_t end = found == std::string_view::npos ? source_.size() : found + 1;
    at = skip_space(source_, at, end);
    if (at == end) return end;
    if (source_[at] == '#' || source_[at] == ';') {
      pending_.append(source_, at, end - at);
      pending_lines_.push_back({offset(at), offset(trim_space(source_, at, end))});
      return end;
    }
    if (source_[at] != '[') return read_key(at, end);
    read_header(at, end);
    return end;
  }

  void read_header(std::size_t at, std::size_t end) {
    const std::size_t closing = source_.substr(at, end - at).rfind(']');
    if (closing == std::string_view::npos) {
      fail(at, "unclosed section: " + quoted(source_.substr(at, trim_space(source_, at, end) - at)));
    }
    const Span name{offset(at + 1), offset(at + closing)};
    if (name.empty()) fail(at, "empty section name");
    const bool metadata = document_.text(name) == "sops";
    if (metadata) add_trailing_comment();
    if (in_metadata_) close_metadata();
    open_section(document_.text(name), name);
    const std::size_t behind = at + closing + 1;
    const std::size_t mark = find_either(source_.substr(0, end), '#', ';', behind);
    const std::size_t content = trim_space(source_, behind, std::min(mark, end));
    document_[section_].span = {offset(at), offset(content)};
    const Span comment = mark < end ? Span{offset(mark), offset(trim_space(source_, mark, end))} : Span{};
    add_comment(no_node, offset(content), comment);
  }

  void open_section(std::string_view name, Span span) {
    in_metadata_ = name == "sops";
    section_ = document_.add(NodeKind::map, in_metadata_ ? no_node : document_.roots[0]);
    document_[section_].key = name;
    document_[section_].key_span = span;
    keys_.clear();
    counter_ = 1;
  }

  Key read_name(std::size_t at, std::size_t end) const {
    const std::string_view line = source_.substr(at, end - at);
    std::string_view quote;
    if (line[0] == '"') quote = line.size() > 6 && line.starts_with("\"\"\"") ? "\"\"\"" : "\"";
    if (line[0] == '`') quote = "`";
    std::size_t closing = 0;
    if (!quote.empty()) {
      closing = line.find(quote, quote.size());
      if (closing == std::string_view::npos) fail(at, "missing closing key quote: " + quoted(trimmed(line)));
    }
    // The reference looks for the delimiter behind the opening quote's length from the closing one on.
    const std::size_t delimiter = find_either(line, '=', ':', closing + quote.size());
    if (delimiter == std::string_view::npos) fail(at, "key-value delimiter not found: " + quoted(trimmed(line)));
    if (delimiter == 0) fail(at, "empty key name: " + quoted(trimmed(line)));
    Key key;
    key.behind = at + delimiter + 1;
    if (quote.empty()) {
      key.name = trimmed(line.substr(0, delimiter));
      key.span = {offset(at), offset(at + key.name.size())};
    } else {
      key.name = trimmed(line.substr(quote.size(), closing - quote.size()));
      key.span = {offset(at), offset(at + closing + quote.size())};
    }
    if (key.name.empty()) fail(at, "error creating new key: empty key name");
    return key;
  }

  std::size_t read_key(std::size_t at, std::size_t end) {
    const Key key = read_name(at, end);
    IniValue value = read_ini_value(source_, key.behind);
    std::string_view name = key.name;
    if (name == "-") name = document_.keep("#" + std::to_string(counter_++));
    const NodeId id = key_node(name, at);
    const std::string_view text = value.in_source ? value.raw : document_.keep(std::move(value.decoded));
    Node& node = document_[id];
    node.key_span = key.span;
    node.span = value.span;
    node.begin = value.span.begin;
    node.text = text;
    node.style = value.quote.empty()   ? Style::plain
                 : value.quote == "'"  ? Style::single_quoted
                 : value.quote == "\"" ? Style::double_quoted
                                       : Style::literal;
    document_[section_].span.end = node.span.end;
    // Sealed, a value has one line: the comment behind it must be one of its own here as it will be there.
    const bool apart = value.comment_unread || (node.style == Style::literal && !pending_.empty());
    const Span comment = apart ? Span{} : value.comment;
    if (mode_ == ParseMode::plain && !pending_.empty() && !comment.empty() && text.ends_with('\\')) {
      fail(at, "a backslash before a comment, which would continue the line if the comment moved above it");
    }
    add_comment(id, node.span.end, comment);
    if (text.empty() && !comment.empty()) widen_tag(id, key.behind);
    if (apart && !value.comment.empty() && !in_metadata_) add_unread(value.comment).inline_comment = true;
    return value.next;
  }

  // A new key, or the one of that name in this section, which loses what it had.
  NodeId key_node(std::string_view name, std::size_t at) {
    const auto [found, fresh] = keys_.try_emplace(name, static_cast<NodeId>(document_.size()));
    if (!fresh) {
      if (mode_ == ParseMode::plain && !in_metadata_) {
        fail(at, "the key \"" + quoted(name) + "\" occurs twice in one section, and only its last value would be kept");
      }
      const NodeId comment = document_[found->second].next;
      if (comment != no_node && document_[comment].kind == NodeKind::comment) document_[comment].unread = true;
      return found->second;
    }
    const NodeId id = document_.add(NodeKind::scalar, in_metadata_ ? no_node : section_);
    document_[id].type = ScalarType::string;
    document_[id].key = name;
    if (in_metadata_) metadata_keys_.push_back(id);
    return id;
  }

  // The comment of a key or, without one, of the section: the lines that wait, and what stands behind it.
  void add_comment(NodeId key, std::uint32_t owner_end, Span behind) {
    const bool above = !pending_.empty();
    const Span lines = above ? Span{pending_lines_.front().begin, pending_lines_.back().end} : Span{};
    std::string text = std::move(pending_);
    forget_pending();
    if (in_metadata_ || (!above && behind.empty())) return;
    const NodeId id = document_.add(NodeKind::comment, no_node);
    const NodeId last = document_[section_].last_child;
    document_.link_after(section_, key == no_node ? last : key, id);
    Node& node = document_[id];
    node.inline_comment = !above;
    node.span = above ? lines : behind;
    node.begin = node.span.begin;
    node.tag = {owner_end, behind.empty() ? owner_end : behind.end};
    node.text = text_of(node.span, std::move(text += document_.text(behind)));
  }

  // Behind an empty value blanks on both sides of the part behind would run together when it moves, so it takes them along.
  void widen_tag(NodeId key, std::size_t delimiter_end) {
    const NodeId comment = document_[key].next;
    if (comment == no_node || document_[comment].inline_comment) return;
    Span& tag = document_[comment].tag;
    std::size_t end = std::min(source_.find('\n', tag.end), source_.size());
    if (end > tag.end && end < source_.size() && source_[end - 1] == '\r') --end;
    const std::size_t begin = document_[key].span.begin;
    const bool blank = skip_space(source_, delimiter_end, begin) == begin;
    const bool one_line = source_.substr(delimiter_end, begin - delimiter_end).find('\n') == std::string_view::npos;
    if (end > tag.end && blank && one_line) tag = {offset(delimiter_end), offset(end)};
  }

  // A comment that nothing refers to; each of its lines is one of its own, so that none needs a record.
  Node& add_unread(Span span) {
    const NodeId id = document_.add(NodeKind::comment, section_);
    Node& node = document_[id];
    node.unread = true;
    node.span = span;
    node.begin = span.begin;
    node.tag = {span.end, span.end};
    node.text = ini_comment_text(document_.text(span));
    return node;
  }

  // The text of a comment; one that stands in the source as a whole is not copied.
  std::string_view text_of(Span span, std::string lines) {
    const std::string_view written = document_.text(span);
    if (trimmed(lines) == written) return ini_comment_text(written);
    return ini_comment_text(document_.keep(std::move(lines)));
  }

  // Lines at the end, or before the metadata, where nothing follows that they could belong to.
  void add_trailing_comment() {
    for (const Span line : pending_lines_) {
      if (!in_metadata_) add_unread(line);
    }
    forget_pending();
  }

  void forget_pending() {
    pending_.clear();
    pending_lines_.clear();
  }

  void close_metadata() {
    in_metadata_ = false;
    if (document_.metadata[0] != no_node) {
      document_.extra_metadata.push_back(section_);
      return;
    }
    std::vector<FlatEntry> entries;
    for (const NodeId id : metadata_keys_) {
      if (has_escaped_break(document_[id].text)) {
        document_[id].text = document_.keep(unescape_breaks(document_[id].text));
      }
      entries.push_back({std::string(document_[id].key), id});
    }
    set_flat_metadata(document_, entries, mode_ == ParseMode::plain);
    const Node section = document_[section_];
    Node& metadata = document_[document_.metadata[0]];
    metadata.key = section.key;
    metadata.key_span = section.key_span;
    metadata.span = section.span;
  }

  [[noreturn]] void fail(std::size_t at, const std::string& reason) const {
    throw Error(ExitCode::could_not_read_input, "Could not unmarshal input data: " + reason, place_of(source_, at));
  }

  Document document_;
  std::string_view source_;
  ParseMode mode_;
  NodeId section_ = no_node;
  bool in_metadata_ = false;
  std::unordered_map<std::string_view, NodeId> keys_;  // of the section at hand
  std::vector<NodeId> metadata_keys_;
  std::size_t counter_ = 1;  // of keys written as `-`
  std::string pending_;      // comment lines that wait for a key or section, from their marks on
  std::vector<Span> pending_lines_;
};

}  // namespace

Document scan_ini(std::string source, ParseMode mode) { return Scanner(std::move(source), mode).run(); }

}  // namespace leafseal
