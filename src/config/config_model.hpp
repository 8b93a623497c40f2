// What a `.sops.yaml` says, typed but not yet judged: recipients and patterns are looked at only when their rule is
// the one that decides (spec: config.md 3).
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config_decoder.hpp"
#include "config/config_yaml.hpp"
#include "config/path_pattern.hpp"
#include "leafseal/creation_rules.hpp"
#include "leafseal/destination.hpp"

namespace leafseal::config {

// One item of a key group.
struct GroupMember {
  RecipientKind kind = RecipientKind::age;
  // Under the config's own names: arn, role, aws_profile; resource_id; key_id; vaultUrl, key, version; for age, PGP
  // and Vault the one text has no name.
  std::vector<std::pair<std::string, std::string>> fields;
  std::vector<std::pair<std::string, std::string>> context;
  const YamlNode* node = nullptr;

  std::string field(std::string_view name) const;
};

struct SelectorField {
  SelectionRule rule;
  const YamlNode* node = nullptr;
};

// What chooses a rule.
struct PathRule {
  const YamlNode* node = nullptr;  // of the rule
  std::string path_regex;
  const YamlNode* path_regex_node = nullptr;
  mutable std::shared_ptr<const PathPattern> path_pattern;  // compiled when a file first asks
};

struct RuleModel : PathRule {
  // Fields that hold a text or a list of texts; nullptr where the rule has none.
  std::array<const YamlNode*, recipient_kinds> recipients{};
  std::vector<std::string> hckms;
  const YamlNode* hckms_node = nullptr;
  std::string aws_profile;
  std::vector<std::vector<GroupMember>> groups;  // merged groups come first in each
  std::vector<const YamlNode*> group_nodes;      // of each
  int shamir_threshold = 0;
  const YamlNode* shamir_threshold_node = nullptr;
  std::vector<SelectorField> selectors;  // not empty ones
  bool mac_only_encrypted = false;
};

struct DestinationModel : PathRule {
  DestinationPlace s3, gcs, vault;  // kind `none` where the rule has no such destination
  RuleModel recreation;
  bool omit_extensions = false;
};

struct Model {
  explicit Model(std::string_view text) : tree(text) {}
  YamlTree tree;
  std::optional<std::vector<RuleModel>> rules;
  const YamlNode* rules_node = nullptr;
  std::vector<DestinationModel> destinations;
  StoresConfig stores;
  bool layout_records = true;
};

// The decoder keeps all type errors.
void read_model(Model& model, Decoder& decoder);

// The part of a file's path that a rule's path_regex is found in; nothing: the rule does not take the file. A rule
// without path_regex takes every file by no part of its path. Throws Error{generic} at the pattern's place.
std::optional<std::string_view> taken_part(const Model& model, const PathRule& rule, std::string_view path);

RuleModel read_rule(Decoder& decoder, const YamlNode& node);
DestinationModel read_destination(Decoder& decoder, const YamlNode& node);
std::vector<GroupMember> read_group(Decoder& decoder, const YamlNode& node);

}  // namespace leafseal::config
