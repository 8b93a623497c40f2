#include "config/config_model.hpp"

namespace leafseal::config {
namespace {

using Names = std::span<const std::string_view>;

std::optional<int> read_indent(Decoder& decoder, const YamlNode& node, std::string_view type) {
  static constexpr std::string_view known[] = {"indent"};
  std::optional<int> indent;
  for (const Field& field : decoder.fields(node, type, known)) {
    if (field.name != "indent" || field.value->type == YamlType::null) continue;
    const long long width = decoder.number(*field.value, 0);
    if (width < -1000 || width > 1000) decoder.fail(*field.value, "an indent of " + std::to_string(width));
    indent = static_cast<int>(width);
  }
  return indent;
}

void read_stores(Decoder& decoder, const YamlNode& node, StoresConfig& stores) {
  static constexpr std::string_view known[] = {"yaml", "json", "json_binary", "dotenv", "ini"};
  for (const Field& field : decoder.fields(node, "config.StoresConfig", known)) {
    const YamlNode& value = *field.value;
    if (field.name == "yaml") stores.yaml_indent = read_indent(decoder, value, "config.YAMLStoreConfig");
    if (field.name == "json") stores.json_indent = read_indent(decoder, value, "config.JSONStoreConfig");
    if (field.name == "json_binary") {
      stores.json_binary_indent = read_indent(decoder, value, "config.JSONBinaryStoreConfig");
    }
    if (field.name == "dotenv") decoder.fields(value, "config.DotenvStoreConfig", Names());
    if (field.name == "ini") decoder.fields(value, "config.INIStoreConfig", Names());
  }
}

// Our own section, which sops ignores.
void read_leafseal(Decoder& decoder, const YamlNode& node, Model& model) {
  static constexpr std::string_view known[] = {"layout"};
  for (const Field& field : decoder.fields(node, "the section of leafseal", known)) {
    if (field.name == "layout") model.layout_records = decoder.flag(*field.value, true);
  }
}

}  // namespace

void read_model(Model& model, Decoder& decoder) {
  static constexpr std::string_view known[] = {"creation_rules", "destination_rules", "stores", "leafseal"};
  if (model.tree.root() == nullptr) return;
  for (const Field& field : decoder.fields(*model.tree.root(), "config.configFile", known, true)) {
    const YamlNode& value = *field.value;
    if (field.name == "creation_rules" && value.type != YamlType::null) {
      model.rules.emplace();
      model.rules_node = &value;
      for (const YamlNode* rule : decoder.items(value, "[]config.creationRule")) {
        model.rules->push_back(read_rule(decoder, *rule));
      }
    } else if (field.name == "destination_rules") {
      for (const YamlNode* rule : decoder.items(value, "[]config.destinationRule")) {
        model.destinations.push_back(read_destination(decoder, *rule));
      }
    } else if (field.name == "stores") {
      read_stores(decoder, value, model.stores);
    } else if (field.name == "leafseal") {
      read_leafseal(decoder, value, model);
    }
  }
}

}  // namespace leafseal::config
