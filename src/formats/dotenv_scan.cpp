#include "formats/dotenv_scan.hpp"

#include "formats/flat_text.hpp"
#include "formats/limits.hpp"

namespace leafseal {
namespace {

class Scanner {
 public:
  Scanner(std::string source, ParseMode mode)
      : document_(std::move(source)), source_(document_.source()), mode_(mode) {}

  Document run() {
    document_.reserve(expected_nodes(source_, mode_));
    root_ = document_.add(NodeKind::map, no_node);
    document_.roots.push_back(root_);
    document_.metadata.push_back(no_node);
    document_[root_].span.end = static_cast<std::uint32_t>(source_.size());
    each_line(source_, [&](Span line) {
      read_line(line);
      check_leaves(document_.size());
    });
    if (!metadata_.empty()) set_flat_metadata(document_, metadata_, mode_ == ParseMode::plain);
    return std::move(document_);
  }

 private:
  void read_line(Span line) {
    const std::string_view text = document_.text(line);
    if (text.empty()) return;
    if (text[0] == '#') return read_comment(line, 1);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) return read_entry(line, equals);
    if (mode_ == ParseMode::plain) {
      if (is_blank_line(text)) return;
      const std::size_t mark = text.find_first_not_of(" \t");
      if (text[mark] == '#') return read_comment(line, mark + 1);
    }
    refuse(line);
  }

  void read_comment(Span line, std::size_t behind_mark) {
    const std::string_view text = document_.text(line);
    if (is_marked_blank_line(text)) {
      if (mode_ == ParseMode::sealed) return;
      throw Error(
          ExitCode::could_not_read_input,
          "a comment begins with " + std::string(dotenv_blank_mark) + ", which marks blank lines of sealed files",
          place_of(source_, line.begin));
    }
    const NodeId id = document_.add(NodeKind::comment, root_);
    Node& node = document_[id];
    node.span = line;
    node.begin = line.begin;
    node.text = text.substr(behind_mark);
  }

  void read_entry(Span line, std::size_t equals) {
    const std::string_view text = document_.text(line);
    const std::string_view key = text.substr(0, equals), value = text.substr(equals + 1);
    const bool is_metadata = key.starts_with("sops_");
    const NodeId id = document_.add(NodeKind::scalar, is_metadata ? no_node : root_);
    const std::string_view decoded = has_escaped_break(value) ? document_.keep(unescape_breaks(value)) : value;
    Node& node = document_[id];
    node.type = ScalarType::string;
    node.key_span = {line.begin, line.begin + static_cast<std::uint32_t>(equals)};
    node.begin = node.key_span.end + 1;
    node.span = {node.begin, line.end};
    node.key = key;
    node.text = decoded;
    if (is_metadata) metadata_.push_back({std::string(key.substr(5)), id});
  }

  [[noreturn]] void refuse(Span line) const {
    const std::string_view text = document_.text(line);
    // The line may well be a secret without its key: it stays out of the message (security.md L1).
    Error error(ExitCode::could_not_read_input, "invalid dotenv input line: it has no equals sign",
                place_of(source_, line.begin));
    const std::size_t first = text.find_first_not_of(" \t");
    if (first != std::string_view::npos && text[first] == '#') {
      error.hint("an indented comment can be kept only where comments are sealed: begin it in the first column");
    }
    throw error;
  }

  Document document_;
  std::string_view source_;
  ParseMode mode_;
  NodeId root_ = no_node;
  std::vector<FlatEntry> metadata_;
};

}  // namespace

Document scan_dotenv(std::string source, ParseMode mode) { return Scanner(std::move(source), mode).run(); }

bool is_blank_line(std::string_view line) {
  return !line.empty() && line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

bool is_marked_blank_line(std::string_view line) {
  return line.starts_with(dotenv_blank_mark) && is_blank_line(line.substr(dotenv_blank_mark.size()));
}

}  // namespace leafseal
