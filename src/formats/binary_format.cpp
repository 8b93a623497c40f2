#include "formats/binary_format.hpp"

#include "formats/json_edit.hpp"
#include "formats/json_emit.hpp"
#include "formats/json_format.hpp"
#include "formats/json_metadata.hpp"
#include "formats/json_scan.hpp"

namespace leafseal {
namespace {

constexpr std::string_view opening = "{\n\t\"data\": ";

// The bytes of an author's file have no key in front of them, the string in a JSON object has.
bool is_plain(const Document& document) {
  const NodeId data = document[document.roots[0]].first_child;
  return data != no_node && document[data].key_span.empty();
}

// The entry that holds the bytes. Throws as the reference does when it prints a file that has none.
NodeId data_of(const Document& document) {
  std::string reason = "no binary data found in tree";
  NodeId data = document.find(document.roots.at(0), "data");
  if (data != no_node) {
    while (document[data].kind == NodeKind::alias) data = document[data].first_child;
    if (document[data].kind == NodeKind::scalar && document[data].type == ScalarType::string) return data;
    reason = "'data' key in tree does not have a string value";
  }
  throw Error(
      ExitCode::error_dumping_tree, "error emitting binary store: " + reason,
      {"This is likely not an encrypted binary file? If not, use --output-type to select the correct output type."});
}

Document whole(std::string source) {
  Document document(std::move(source));
  const NodeId root = document.add(NodeKind::map, no_node);
  document.roots.push_back(root);
  document.metadata.push_back(no_node);
  const NodeId data = document.add(NodeKind::scalar, root);
  const Span all{0, static_cast<std::uint32_t>(document.source().size())};
  document[root].span = document[data].span = all;
  document[data].type = ScalarType::string;
  document[data].key = "data";
  document[data].text = document.source();
  return document;
}

class BinaryFormat final : public Format {
 public:
  FormatId id() const override { return FormatId::binary; }
  std::string_view name() const override { return "binary"; }
  bool opaque() const override { return true; }
  Document parse(std::string source, ParseMode mode) const override {
    return mode == ParseMode::plain ? whole(std::move(source)) : scan_json(std::move(source), mode);
  }

  void seal(const Document& document, NodeId node, std::string_view token, Edits& edits) const override {
    std::string text;
    text.reserve(opening.size() + token.size() + 2);
    if (is_plain(document)) text += opening;
    text += '"';
    text += token;
    text += '"';
    edits.push_back({document[node].span, std::move(text)});
  }

  Spelling lost_spelling(const Document&, NodeId) const override { return {}; }

  void open(const Document& document, NodeId node, const Value& value, const Spelling&, Edits& edits) const override {
    if (node != document.find(document.roots[0], "data")) return;  // remove_metadata() drops all but the data
    if (value.type != ScalarType::string) {
      throw Error(ExitCode::error_dumping_tree,
                  "error emitting binary store: 'data' key in tree does not have a string value");
    }
    edits.push_back({document[node].span, value.text});
  }

  void replace(const Document& document, NodeId node, const Document& value, NodeId value_node,
               Edits& edits) const override {
    if (is_plain(document)) {
      edits.push_back({document[node].span, std::string(value[value_node].text)});
    } else {
      replace_json(document, node, value, value_node, edits);
    }
  }
  void insert(const Document& document, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
              Edits& edits) const override {
    refuse_plain(document);
    insert_json(document, parent, key, value, value_node, edits);
  }
  void remove(const Document& document, NodeId node, Edits& edits) const override {
    refuse_plain(document);
    remove_json(document, node, edits);
  }

  void write_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) const override {
    if (!is_plain(document)) return write_json_metadata(document, metadata, node, edits);
    const auto end = static_cast<std::uint32_t>(document.source().size());
    // No bytes are never sealed: then nobody has opened the object.
    std::string text = end == 0 ? std::string(opening) + "\"\"" : std::string();
    text += json_metadata_block(metadata, node, false, "\n") + "\n}\n";
    edits.push_back({{end, end}, std::move(text)});
  }

  void remove_metadata(const Document& document, Edits& edits) const override {
    if (is_plain(document)) return;
    const Node& data = document[data_of(document)];
    const auto end = static_cast<std::uint32_t>(document.source().size());
    if (data.text.empty()) {
      edits.push_back({{0, end}, ""});
    } else {
      edits.push_back({{0, data.span.begin}, ""});
      edits.push_back({{data.span.end, end}, ""});
    }
  }

  std::string emit(const Document& document, const EmitOptions& options) const override {
    if (!document.metadata.empty() && document.metadata[0] != no_node) return emit_json(document, options);
    return std::string(document[data_of(document)].text);
  }

  std::string emit_value(const Document& document, NodeId node, const EmitOptions&) const override {
    const Node& at = document[node];
    if (node == document.roots[0]) return std::string(document[data_of(document)].text);
    if (at.kind == NodeKind::scalar && at.type == ScalarType::string) return std::string(at.text);
    throw Error(ExitCode::error_dumping_tree,
                "Binary files are not structured and extracting a single value is not possible");
  }

 private:
  static void refuse_plain(const Document& document) {
    if (is_plain(document)) throw Error(ExitCode::generic, "binary files have no entries to add or remove");
  }
};

}  // namespace

const Format& binary_format() {
  static const BinaryFormat format;
  return format;
}

}  // namespace leafseal
