#include "formats/yaml_format.hpp"

#include "formats/yaml_alias.hpp"
#include "formats/yaml_carrier.hpp"
#include "formats/yaml_emit.hpp"
#include "formats/yaml_metadata.hpp"
#include "formats/yaml_parse.hpp"
#include "formats/yaml_structure.hpp"

namespace leafseal {
namespace {

class YamlFormat final : public Format {
 public:
  FormatId id() const override { return FormatId::yaml; }
  std::string_view name() const override { return "yaml"; }
  Document parse(std::string source, ParseMode mode) const override { return parse_yaml(std::move(source), mode); }

  void seal(const Document& document, NodeId node, std::string_view token, Edits& edits) const override {
    if (document[node].kind == NodeKind::comment) {
      yaml::seal_comment(document, node, token, edits);
    } else {
      yaml::seal_scalar(document, node, token, edits);
    }
  }
  Spelling lost_spelling(const Document& document, NodeId node) const override {
    return document[node].kind == NodeKind::comment ? Spelling{} : yaml::lost_spelling(document, node);
  }
  void open(const Document& document, NodeId node, const Value& value, const Spelling& spelling,
            Edits& edits) const override {
    if (document[node].kind == NodeKind::comment) {
      yaml::open_comment(document, node, value.text, edits);
    } else {
      yaml::open_scalar(document, node, value, spelling, edits);
    }
  }
  bool carries(const Document& document, NodeId node, const Value& value) const override {
    return yaml::carries(document, node, value);
  }
  std::optional<std::string> expand_aliases(const Document& document) const override {
    if (!document.has_aliases) return std::nullopt;
    return yaml::with_aliases_written_out(document);
  }

  void replace(const Document& document, NodeId node, const Document& value, NodeId value_node,
               Edits& edits) const override {
    replace_yaml(document, node, value, value_node, edits);
  }
  void insert(const Document& document, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
              Edits& edits) const override {
    insert_yaml(document, parent, key, value, value_node, edits);
  }
  void remove(const Document& document, NodeId node, Edits& edits) const override {
    remove_yaml(document, node, edits);
  }

  void write_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) const override {
    write_yaml_metadata(document, metadata, node, edits);
  }
  void remove_metadata(const Document& document, Edits& edits) const override {
    remove_yaml_metadata(document, edits);
  }

  std::string emit(const Document& document, const EmitOptions& options) const override {
    return emit_yaml(document, options);
  }
  std::string emit_value(const Document& document, NodeId node, const EmitOptions& options) const override {
    return emit_yaml_value(document, node, options);
  }
};

}  // namespace

const Format& yaml_format() {
  static const YamlFormat format;
  return format;
}

}  // namespace leafseal
