#include "formats/dotenv_format.hpp"

#include "formats/dotenv_metadata.hpp"
#include "formats/dotenv_scan.hpp"
#include "formats/flat_text.hpp"

namespace leafseal {
namespace {

NodeId resolved(const Document& document, NodeId node) {
  while (document[node].kind == NodeKind::alias) node = document[node].first_child;
  return node;
}

// Keys that would be read back as something else are refused; the reference prints them.
void check_key(std::string_view key) {
  const bool broken = key.find_first_of("=\n") != std::string_view::npos || key.starts_with('#');
  if (broken)
    throw Error(ExitCode::error_dumping_tree, "the key \"" + quoted(key) + "\" cannot stand in a dotenv file");
}

std::string value_text(const Document& document, std::string_view key, NodeId node) {
  const Node& at = document[resolved(document, node)];
  if (at.kind == NodeKind::map || at.kind == NodeKind::list) {
    throw Error(ExitCode::error_dumping_tree, "cannot use complex value in dotenv file; offending key " + quoted(key));
  }
  return escape_breaks(flat_text(at.type, at.text));
}

std::string line_of(const Document& document, std::string_view key, NodeId node) {
  check_key(key);
  return std::string(key) + "=" + value_text(document, key, node);
}

// A comment of several lines, which only other formats have, stays a comment in all of them.
std::string comment_text(std::string_view text) {
  std::string out = "#";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += '#';
  }
  return out;
}

// The blanks before an author's comment; in a sealed text they stand behind its token.
std::string_view indentation(const Document& document, const Node& comment) {
  const std::string_view line = document.text(comment.span);
  if (document.metadata[0] == no_node) return line.substr(0, line.find('#'));
  const std::string_view behind = line.substr(line.rfind(']') + 1);
  return behind.find_first_not_of(" \t") == std::string_view::npos ? behind : std::string_view();
}

void append_entries(std::string& out, const Document& document, NodeId map) {
  for (NodeId at = document[map].first_child; at != no_node; at = document[at].next) {
    const Node& node = document[at];
    if (node.lost) continue;
    out += node.kind == NodeKind::comment ? comment_text(node.text) : line_of(document, node.key, at);
    out += '\n';
  }
}

class DotenvFormat final : public Format {
 public:
  FormatId id() const override { return FormatId::dotenv; }
  std::string_view name() const override { return "dotenv"; }
  Document parse(std::string source, ParseMode mode) const override { return scan_dotenv(std::move(source), mode); }

  void seal(const Document& document, NodeId node, std::string_view token, Edits& edits) const override {
    const Node& at = document[node];
    if (at.kind != NodeKind::comment) {
      edits.push_back({at.span, token});
      return;
    }
    edits.push_back({at.span, "#" + std::string(token) + std::string(indentation(document, at))});
  }

  Spelling lost_spelling(const Document&, NodeId) const override { return {}; }

  void open(const Document& document, NodeId node, const Value& value, const Spelling&, Edits& edits) const override {
    const Node& at = document[node];
    if (at.kind != NodeKind::comment) {
      edits.push_back({at.span, escape_breaks(flat_text(value.type, value.text))});
      return;
    }
    edits.push_back({at.span, std::string(indentation(document, at)) + comment_text(value.text)});
  }

  void replace(const Document& document, NodeId node, const Document& value, NodeId value_node,
               Edits& edits) const override {
    edits.push_back({document[node].span, value_text(value, document[node].key, value_node)});
  }

  void insert(const Document& document, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
              Edits& edits) const override {
    const std::string line = line_of(value, key, value_node);
    const NodeId last = document[parent].last_child;
    if (last != no_node) {
      const std::uint32_t end = document[last].span.end;
      edits.push_back({{end, end}, "\n" + line});
    } else {
      const auto metadata = metadata_lines(document);
      const std::uint32_t at = metadata.empty() ? document[parent].span.end : document[metadata[0].node].key_span.begin;
      edits.push_back({{at, at}, line + "\n"});
    }
  }

  void remove(const Document& document, NodeId node, Edits& edits) const override {
    const Node& at = document[node];
    remove_lines(document.source(), {{at.key_span.begin, at.span.end}}, edits);
  }

  void write_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) const override {
    write_dotenv_metadata(document, metadata, node, edits);
  }
  void remove_metadata(const Document& document, Edits& edits) const override {
    remove_dotenv_metadata(document, edits);
  }

  std::string emit(const Document& document, const EmitOptions&) const override {
    std::string out;
    append_entries(out, document, document.roots.at(0));
    if (document.metadata.empty() || document.metadata[0] == no_node) return out;
    refuse_reserved_keys(document);
    for (const MetadataLine& line : compare_metadata(Document(), "sops_", document, document.metadata[0]).lines) {
      out += line.key + "=" + line.value + "\n";
    }
    return out;
  }

  std::string emit_value(const Document& document, NodeId node, const EmitOptions&) const override {
    const Node& at = document[resolved(document, node)];
    if (at.kind == NodeKind::scalar && at.type == ScalarType::string) return std::string(at.text);
    if (at.kind != NodeKind::map) {
      throw Error(ExitCode::error_dumping_tree, "the dotenv store only supports emitting strings");
    }
    std::string out;
    append_entries(out, document, resolved(document, node));
    return out;
  }

 private:
  static void refuse_reserved_keys(const Document& document) {
    for (NodeId at = document[document.roots[0]].first_child; at != no_node; at = document[at].next) {
      if (!document[at].key.starts_with("sops_")) continue;
      throw Error(ExitCode::error_dumping_tree,
                  "Error marshaling metadata: Found key \"" + quoted(document[at].key) +
                      "\" in encrypted data, which starts with the reserved key prefix \"sops_\" for SOPS metadata");
    }
  }
};

}  // namespace

const Format& dotenv_format() {
  static const DotenvFormat format;
  return format;
}

}  // namespace leafseal
