#include "formats/json_format.hpp"

#include "formats/json_edit.hpp"
#include "formats/json_emit.hpp"
#include "formats/json_metadata.hpp"
#include "formats/json_scalar.hpp"
#include "formats/json_scan.hpp"

namespace leafseal {
namespace {

// A value as it is written in place of a token.
std::string rendered(const Value& value) {
  std::string out;
  append_json_scalar(out, value.type, value.text, JsonDialect::faithful);
  return out;
}

class JsonFormat final : public Format {
 public:
  FormatId id() const override { return FormatId::json; }
  std::string_view name() const override { return "json"; }
  Document parse(std::string source, ParseMode mode) const override { return scan_json(std::move(source), mode); }

  void seal(const Document& document, NodeId node, std::string_view token, Edits& edits) const override {
    std::string text = "\"";
    text += token;
    text += '"';
    edits.push_back({document[node].span, std::move(text)});
  }

  Spelling lost_spelling(const Document& document, NodeId node) const override {
    const Node& at = document[node];
    const std::string_view written = document.text(at.span);
    Spelling lost;
    if (written != rendered({at.type, std::string(at.text)})) lost.value = written;
    return lost;
  }

  void open(const Document& document, NodeId node, const Value& value, const Spelling& spelling,
            Edits& edits) const override {
    if (spelling.value && read_json_scalar(*spelling.value) == value) {
      edits.push_back({document[node].span, *spelling.value});
    } else {
      edits.push_back({document[node].span, rendered(value)});
    }
  }

  void replace(const Document& document, NodeId node, const Document& value, NodeId value_node,
               Edits& edits) const override {
    replace_json(document, node, value, value_node, edits);
  }
  void insert(const Document& document, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
              Edits& edits) const override {
    insert_json(document, parent, key, value, value_node, edits);
  }
  void remove(const Document& document, NodeId node, Edits& edits) const override {
    remove_json(document, node, edits);
  }

  void write_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) const override {
    write_json_metadata(document, metadata, node, edits);
  }
  void remove_metadata(const Document& document, Edits& edits) const override { remove_json_metadata(document, edits); }

  std::string emit(const Document& document, const EmitOptions& options) const override {
    return emit_json(document, options);
  }
  std::string emit_value(const Document& document, NodeId node, const EmitOptions& options) const override {
    return emit_json_value(document, node, options);
  }
};

}  // namespace

const Format& json_format() {
  static const JsonFormat format;
  return format;
}

}  // namespace leafseal
