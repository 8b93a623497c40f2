#include <algorithm>
#include <limits>

#include "config/config_model.hpp"

namespace leafseal::config {
namespace {

constexpr std::size_t recipient_limit = 1000;  // security.md P1
constexpr std::size_t merge_depth_limit = 100;

constexpr SelectionKind selector_kinds[] = {
    SelectionKind::unencrypted_suffix,        SelectionKind::encrypted_suffix,
    SelectionKind::unencrypted_regex,         SelectionKind::encrypted_regex,
    SelectionKind::unencrypted_comment_regex, SelectionKind::encrypted_comment_regex};

void read_selector(Decoder& decoder, const Field& field, RuleModel& rule) {
  for (const SelectionKind kind : selector_kinds) {
    if (field.name != selection_field(kind)) continue;
    if (std::string pattern = decoder.text(*field.value); !pattern.empty()) {
      rule.selectors.push_back({{kind, std::move(pattern)}, field.value});
    }
  }
}

// A field of plain recipients, which may be a text or a list: kept as it is until the rule decides.
bool keep_recipients(Decoder& decoder, const Field& field, RuleModel& rule) {
  static constexpr std::pair<std::string_view, RecipientKind> names[] = {
      {"age", RecipientKind::age},          {"pgp", RecipientKind::pgp},
      {"kms", RecipientKind::kms},          {"gcp_kms", RecipientKind::gcp_kms},
      {"azure_keyvault", RecipientKind::azure_kv}, {"hc_vault_transit_uri", RecipientKind::hc_vault}};
  for (const auto& [name, kind] : names) {
    if (field.name != name) continue;
    decoder.any(*field.value);
    rule.recipients[static_cast<std::size_t>(kind)] = field.value;
    return true;
  }
  return false;
}

std::vector<std::pair<std::string, std::string>> read_context(Decoder& decoder, const YamlNode& node) {
  std::vector<std::pair<std::string, std::string>> context;
  for (const Field& field : decoder.fields(node, "map[string]*string", {}, true)) {
    if (field.value->type != YamlType::null) context.emplace_back(field.name, decoder.text(*field.value));
  }
  std::sort(context.begin(), context.end());
  return context;
}

GroupMember read_member(Decoder& decoder, const YamlNode& node, RecipientKind kind, std::string_view type,
                        std::span<const std::string_view> known) {
  GroupMember member{kind, {}, {}, &node};
  for (const Field& field : decoder.fields(node, type, known)) {
    if (field.name == "context" && kind == RecipientKind::kms) {
      member.context = read_context(decoder, *field.value);
    } else if (std::find(known.begin(), known.end(), field.name) != known.end()) {
      member.fields.emplace_back(field.name, decoder.text(*field.value));
    }
  }
  return member;
}

// Reads one group and what it merges. Groups merge groups, so the depth is counted.
class GroupReader {
 public:
  explicit GroupReader(Decoder& decoder) : decoder_(decoder) {}

  std::vector<GroupMember> read(const YamlNode& node) {
    read(node, 0);
    return std::move(members_);
  }

 private:
  void read(const YamlNode& node, std::size_t depth) {
    static constexpr std::string_view known[] = {"merge", "age",            "pgp",     "kms", "gcp_kms",
                                                 "hckms", "azure_keyvault", "hc_vault"};
    if (depth > merge_depth_limit) {
      return decoder_.fail(node, "key groups are merged more than " + std::to_string(merge_depth_limit) + " deep");
    }
    const std::vector<Field> fields = decoder_.fields(node, "config.keyGroup", known);
    const auto each = [&](std::string_view name, std::string_view type, const auto& action) {
      for (const Field& field : fields) {
        if (field.name != name) continue;
        for (const YamlNode* item : decoder_.items(*field.value, type)) action(*item);
      }
    };
    each("merge", "[]config.keyGroup", [&](const YamlNode& item) { read(item, depth + 1); });
    const auto texts = [&](std::string_view name, RecipientKind kind) {
      each(name, "[]string", [&](const YamlNode& item) { add({kind, {{"", decoder_.text(item)}}, {}, &item}); });
    };
    texts("age", RecipientKind::age);
    texts("pgp", RecipientKind::pgp);
    const auto maps = [&](std::string_view name, RecipientKind kind, std::string_view type, auto... names) {
      const std::string_view known_names[] = {names...};
      each(name, "[]" + std::string(type),
           [&](const YamlNode& item) { add(read_member(decoder_, item, kind, type, known_names)); });
    };
    maps("kms", RecipientKind::kms, "config.kmsKey", "arn", "role", "context", "aws_profile");
    maps("gcp_kms", RecipientKind::gcp_kms, "config.gcpKmsKey", "resource_id");
    maps("hckms", RecipientKind::hckms, "config.hckmsKey", "key_id");
    maps("azure_keyvault", RecipientKind::azure_kv, "config.azureKVKey", "vaultUrl", "key", "version");
    texts("hc_vault", RecipientKind::hc_vault);
  }

  void add(GroupMember member) {
    if (members_.size() == recipient_limit) {
      decoder_.fail(*member.node, "a key group of more than " + std::to_string(recipient_limit) + " recipients");
    }
    if (members_.size() <= recipient_limit) members_.push_back(std::move(member));
  }

  Decoder& decoder_;
  std::vector<GroupMember> members_;
};

}  // namespace

std::string GroupMember::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

std::vector<GroupMember> read_group(Decoder& decoder, const YamlNode& node) { return GroupReader(decoder).read(node); }

std::optional<std::string_view> taken_part(const Model& model, const PathRule& rule, std::string_view path) {
  if (rule.path_regex.empty()) return std::string_view();
  if (!rule.path_pattern) {
    try {
      rule.path_pattern = std::make_shared<const PathPattern>(rule.path_regex);
    } catch (const Error& error) {
      throw Error(error.code(), error.what(), model.tree.place(*rule.path_regex_node), error.hints());
    }
  }
  return rule.path_pattern->find(path);
}

RuleModel read_rule(Decoder& decoder, const YamlNode& node) {
  static constexpr std::string_view known[] = {
      "path_regex",      "kms",   "aws_profile",    "age",                  "pgp",
      "gcp_kms",         "hckms", "azure_keyvault", "hc_vault_transit_uri", "key_groups",
      "shamir_threshold", "unencrypted_suffix", "encrypted_suffix", "unencrypted_regex", "encrypted_regex",
      "unencrypted_comment_regex", "encrypted_comment_regex", "mac_only_encrypted"};
  RuleModel rule;
  rule.node = &node;
  for (const Field& field : decoder.fields(node, "config.creationRule", known)) {
    const YamlNode& value = *field.value;
    if (field.name == "path_regex") {
      rule.path_regex = decoder.text(value);
      rule.path_regex_node = &value;
    } else if (field.name == "hckms") {
      rule.hckms = decoder.texts(value);
      rule.hckms_node = &value;
    } else if (field.name == "aws_profile") {
      rule.aws_profile = decoder.text(value);
    } else if (field.name == "key_groups") {
      for (const YamlNode* group : decoder.items(value, "[]config.keyGroup")) {
        rule.groups.push_back(read_group(decoder, *group));
        rule.group_nodes.push_back(group);
      }
    } else if (field.name == "shamir_threshold") {
      constexpr long long largest = std::numeric_limits<int>::max();
      rule.shamir_threshold_node = &value;
      rule.shamir_threshold = static_cast<int>(std::clamp(decoder.number(value, 0), -largest, largest));
    } else if (field.name == "mac_only_encrypted") {
      rule.mac_only_encrypted = decoder.flag(value, false);
    } else if (!keep_recipients(decoder, field, rule)) {
      read_selector(decoder, field, rule);
    }
  }
  return rule;
}

}  // namespace leafseal::config
