#include "formats/json_scan.hpp"

#include <vector>

#include "base/utf8.hpp"
#include "formats/json_scalar.hpp"
#include "formats/limits.hpp"

namespace leafseal {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Scanner {
 public:
  Scanner(std::string source, ParseMode mode)
      : document_(std::move(source)), source_(document_.source()), mode_(mode) {}

  Document run() {
    if (const std::size_t bad = utf8::find_invalid(source_); bad != std::string_view::npos) {
      fail_json(source_, bad, "invalid UTF-8");
    }
    document_.reserve(expected_nodes(source_, mode_));
    skip_blanks();
    if (at_ == source_.size()) fail_json(source_, at_, "EOF");
    if (source_[at_] != '{') refuse_root();
    document_.roots.push_back(open(NodeKind::map, no_node));
    document_.metadata.push_back(no_node);
    while (!levels_.empty()) step();
    skip_blanks();
    if (mode_ == ParseMode::plain && at_ < source_.size()) {
      fail_json_character(source_, at_, "after top-level value");
    }
    return std::move(document_);
  }

 private:
  struct Level {
    NodeId node;
    bool has_members = false;
  };

  // One member or item, or the end of the innermost container.
  void step() {
    Level& level = levels_.back();
    const NodeId container = level.node;
    const bool map = document_[container].kind == NodeKind::map;
    skip_blanks();
    if (peek() == (map ? '}' : ']')) return close();
    if (level.has_members) {
      if (peek() != ',') {
        fail_json_character(source_, at_, map ? "after object key:value pair" : "after array element");
      }
      ++at_;
      skip_blanks();
    }
    level.has_members = true;
    if (!map) return read_value(container, {}, {});
    read_member(container);
  }

  void read_member(NodeId map) {
    if (peek() != '"') fail_json_character(source_, at_, "looking for beginning of object key string");
    const Span span{offset(at_), 0};
    const std::string_view key = keep(scan_json_scalar(source_, at_));
    const Span key_span{span.begin, offset(at_)};
    skip_blanks();
    if (peek() != ':') fail_json_character(source_, at_, "after object key");
    ++at_;
    skip_blanks();
    const bool is_metadata = levels_.size() == 1 && key == "sops";
    const NodeId next = static_cast<NodeId>(document_.size());
    read_value(is_metadata ? no_node : map, key, key_span);
    if (!is_metadata) return;
    if (document_.metadata[0] == no_node) {
      document_.metadata[0] = next;
    } else {
      document_.extra_metadata.push_back(next);
    }
  }

  void read_value(NodeId parent, std::string_view key, Span key_span) {
    const char c = peek();
    NodeId id = no_node;
    if (c == '{' || c == '[') {
      id = open(c == '{' ? NodeKind::map : NodeKind::list, parent);
    } else {
      const std::size_t begin = at_;
      const JsonScalar scalar = scan_json_scalar(source_, at_);
      id = document_.add(NodeKind::scalar, parent);
      check_leaves(document_.size());
      Node& node = document_[id];
      node.type = scalar.type;
      node.style = c == '"' ? Style::double_quoted : Style::plain;
      node.text = keep(scalar);
      node.begin = offset(begin);
      node.span = {offset(begin), offset(at_)};
    }
    document_[id].key = key;
    document_[id].key_span = key_span;
  }

  NodeId open(NodeKind kind, NodeId parent) {
    if (levels_.size() == max_depth) {
      throw Error(mode_ == ParseMode::plain ? ExitCode::error_dumping_tree : ExitCode::could_not_read_input,
                  std::string("Error marshaling to json: invalid character '") + source_[at_] + "' exceeded max depth",
                  place_of(source_, at_));
    }
    const NodeId id = document_.add(kind, parent);
    document_[id].begin = offset(at_);
    document_[id].span.begin = offset(at_);
    ++at_;
    levels_.push_back({id});
    return id;
  }

  void close() {
    document_[levels_.back().node].span.end = offset(++at_);
    levels_.pop_back();
  }

  // The scalar's text for a node, and the scanner behind it.
  std::string_view keep(const JsonScalar& scalar) {
    at_ = scalar.end;
    return scalar.in_source ? scalar.raw : document_.keep(scalar.decoded);
  }

  [[noreturn]] void refuse_root() {
    const std::string intro = "SOPS only supports JSON files with a top-level object (starting with '{'), not ";
    if (source_[at_] == '[') {
      fail_json(source_, at_,
                intro +
                    "arrays or other types. Got delimiter [ instead. To encrypt this file, wrap it in "
                    "an object, e.g., {\"data\": [...]}");
    }
    scan_json_scalar(source_, at_);
    fail_json(source_, at_, intro + "other JSON types");
  }

  char peek() const {
    if (at_ == source_.size()) fail_json(source_, at_, "unexpected EOF");
    return source_[at_];
  }
  void skip_blanks() {
    while (at_ < source_.size() && is_blank(source_[at_])) ++at_;
  }
  static std::uint32_t offset(std::size_t at) { return static_cast<std::uint32_t>(at); }

  Document document_;
  std::string_view source_;
  ParseMode mode_;
  std::size_t at_ = 0;
  std::vector<Level> levels_;
};

}  // namespace

Document scan_json(std::string source, ParseMode mode) { return Scanner(std::move(source), mode).run(); }

}  // namespace leafseal
