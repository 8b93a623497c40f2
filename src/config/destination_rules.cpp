#include "leafseal/destination_rules.hpp"

#include <algorithm>
#include <array>

#include "config/config_model.hpp"
#include "config/made_rule.hpp"

namespace leafseal {
namespace config {
namespace {

DestinationPlace* place_of(DestinationModel& rule, std::string_view field) {
  if (field.starts_with("s3_")) return &rule.s3;
  return field.starts_with("gcs_") ? &rule.gcs : &rule.vault;
}

// A field of a destination; which of them makes it one is what the reference looks at.
void read_place(DestinationModel& rule, std::string_view field, std::string text) {
  DestinationPlace& place = *place_of(rule, field);
  const auto named = [&](DestinationKind kind) { place.kind = text.empty() ? DestinationKind::none : kind; };
  if (field == "s3_bucket") named(DestinationKind::s3);
  if (field == "gcs_bucket") named(DestinationKind::gcs);
  if (field == "vault_path") named(DestinationKind::vault);
  if (field.ends_with("_bucket")) place.bucket = std::move(text);
  if (field.ends_with("_prefix")) place.prefix = std::move(text);
  if (field == "vault_path") place.vault_path = std::move(text);
  if (field == "vault_address") place.vault_address = std::move(text);
  if (field == "vault_kv_mount_name") place.vault_mount = std::move(text);
}

const DestinationModel* matching_rule(const Model& model, std::string_view path) {
  for (const DestinationModel& rule : model.destinations) {
    if (taken_part(model, rule, path)) return &rule;
  }
  return nullptr;
}

DestinationPlace one_place(const Model& model, const DestinationModel& rule) {
  DestinationPlace found;
  for (const DestinationPlace* place : {&rule.s3, &rule.gcs, &rule.vault}) {
    if (place->kind == DestinationKind::none) continue;
    if (found.kind != DestinationKind::none) {
      throw Error(ExitCode::generic,
                  "error loading config: more than one destinations were found in a single destination rule, you can "
                  "only use one per rule",
                  model.tree.place(*rule.node));
    }
    found = *place;
  }
  return found;
}

DestinationRule made_destination(const Model& model, const DestinationModel& rule) {
  DestinationRule made;
  made.destination = one_place(model, rule);
  made.omit_extensions = rule.omit_extensions;
  made.place = model.tree.place(*rule.node);
  if (rule.recreation.node == nullptr) return made;
  CreationRule recreation = made_rule(model, rule.recreation);
  if (!recreation.keys.groups[0].entries.empty()) made.recreation = std::move(recreation);
  return made;
}

}  // namespace

DestinationModel read_destination(Decoder& decoder, const YamlNode& node) {
  static constexpr auto known = std::to_array<std::string_view>(
      {"path_regex", "s3_bucket", "s3_prefix", "gcs_bucket", "gcs_prefix", "vault_path", "vault_address",
       "vault_kv_mount_name", "vault_kv_version", "recreation_rule", "omit_extensions"});
  DestinationModel rule;
  rule.node = &node;
  for (const Field& field : decoder.fields(node, "config.destinationRule", known)) {
    const YamlNode& value = *field.value;
    if (field.name == "path_regex") {
      rule.path_regex = decoder.text(value);
      rule.path_regex_node = &value;
    } else if (field.name == "vault_kv_version") {
      rule.vault.vault_kv_version = decoder.number(value, 0) == 1 ? 1 : 2;
    } else if (field.name == "omit_extensions") {
      rule.omit_extensions = decoder.flag(value, false);
    } else if (field.name == "recreation_rule") {
      rule.recreation = read_rule(decoder, value);
    } else if (std::find(known.begin(), known.end(), field.name) != known.end()) {
      read_place(rule, field.name, decoder.text(value));
    }
  }
  return rule;
}

}  // namespace config

DestinationRule destination_rule_for(const Config& config, std::string_view path_as_given) {
  const config::Model& model = *config.model;
  try {
    if (const config::DestinationModel* rule = config::matching_rule(model, path_as_given)) {
      return config::made_destination(model, *rule);
    }
    Error error(ExitCode::generic, "error loading config: no matching destination found in config");
    if (model.destinations.empty()) throw error.hint("there are no destination_rules in " + quoted(config.path));
    throw error.hint("no path_regex of destination_rules is found in " + quoted(path_as_given) +
                     ", the path as it was given");
  } catch (const Error& error) {
    throw config::with_location(error, config.path);
  }
}

bool has_destination_rules(const Config& config) { return !config.model->destinations.empty(); }

}  // namespace leafseal
