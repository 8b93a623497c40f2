#include "config/rule_recipients.hpp"

#include <algorithm>
#include <set>

#include "base/base64.hpp"
#include "recipients/recipient_list.hpp"

namespace leafseal::config {
namespace {

bool has_text_keys(const YamlNode& map) {
  for (std::size_t i = 0; i < map.items.size(); i += 2) {
    if (map.items[i]->type != YamlType::string && map.items[i]->type != YamlType::merge) return false;
  }
  return true;
}

// How the reference's messages name a value's type.
std::string_view go_type(const YamlNode& node) {
  switch (node.type) {
    case YamlType::null: return "<nil>";
    case YamlType::boolean: return "bool";
    case YamlType::integer: return "int";
    case YamlType::real: return "float64";
    case YamlType::timestamp: return "time.Time";
    case YamlType::list: return "[]interface {}";
    case YamlType::map: return has_text_keys(node) ? "map[string]interface {}" : "map[interface {}]interface {}";
    case YamlType::string:
    case YamlType::merge:
    case YamlType::binary: break;
  }
  return "string";
}

bool is_text(const YamlNode& node) { return go_type(node) == "string"; }

std::string text_of(const YamlNode& node) {
  if (node.type != YamlType::binary) return node.text;
  std::string decoded;
  base64::decode(node.text, decoded);
  return decoded;
}

// A text is a comma list without empty items; the items of a list are taken as they are.
std::string comma_list(const YamlNode& node, const std::string& problem) {
  std::string joined;
  if (node.type == YamlType::list) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const YamlNode& item = *node.items[i];
      if (!is_text(item)) {
        throw Error(ExitCode::generic, problem + "expected string in list, got " + std::string(go_type(item)));
      }
      if (i > 0) joined += ',';
      joined += text_of(item);
    }
    return joined;
  }
  if (node.type == YamlType::null) return joined;
  if (!is_text(node)) {
    throw Error(ExitCode::generic,
                problem + "expected string, []string, or nil, got " + std::string(go_type(node)));
  }
  const std::string text = text_of(node);
  std::string_view rest = text;
  constexpr std::string_view blanks = " \t\r\n\v\f";
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    item.remove_prefix(std::min(item.find_first_not_of(blanks), item.size()));
    item = item.substr(0, item.find_last_not_of(blanks) + 1);
    if (item.empty()) continue;
    if (!joined.empty()) joined += ',';
    joined += item;
  }
  return joined;
}

// Gives errors of `action` the place of the node they are about.
template <class Action>
auto at(const Model& model, const YamlNode& node, const Action& action) {
  try {
    return action();
  } catch (const Error& error) {
    throw Error(error.code(), error.what(), model.tree.place(node), error.hints());
  }
}

struct PlainField {
  RecipientKind kind;
  std::string_view outer;
  std::string_view inner;

  std::string problem() const {
    return "invalid " + std::string(outer) + " key configuration: invalid " + std::string(inner) + " key configuration: ";
  }
};
constexpr PlainField plain_fields[] = {{RecipientKind::age, "age", "age"},
                                       {RecipientKind::pgp, "pgp", "pgp"},
                                       {RecipientKind::kms, "kms", "kms"},
                                       {RecipientKind::gcp_kms, "gcpkms", "gcp_kms"},
                                       {RecipientKind::hckms, "", ""},
                                       {RecipientKind::azure_kv, "azure_keyvault", "azure_keyvault"},
                                       {RecipientKind::hc_vault, "vault", "hc_vault_transit_uri"}};

const YamlNode* node_of(const RuleModel& rule, RecipientKind kind) {
  return kind == RecipientKind::hckms ? rule.hckms_node : rule.recipients[static_cast<std::size_t>(kind)];
}

KeyGroup plain_group(const Model& model, const RuleModel& rule) {
  KeyGroup group;
  for (const PlainField& field : plain_fields) {
    const YamlNode* node = node_of(rule, field.kind);
    if (node == nullptr) continue;
    const auto entries = at(model, *node, [&] {
      std::string list;
      if (field.kind == RecipientKind::hckms) {
        for (const std::string& id : rule.hckms) list += (list.empty() ? "" : ",") + id;
      } else {
        list = comma_list(*node, field.problem());
      }
      return parse_recipient_list(field.kind, list, {rule.aws_profile, {}});
    });
    group.entries.insert(group.entries.end(), entries.begin(), entries.end());
  }
  return group;
}

std::vector<RecipientEntry> entries_of(const GroupMember& member) {
  switch (member.kind) {
    case RecipientKind::age: return parse_recipient_list(RecipientKind::age, member.field(""));
    case RecipientKind::pgp: return {pgp_recipient(member.field(""))};
    case RecipientKind::kms:
      return {kms_recipient(member.field("arn"), member.field("role"), {member.field("aws_profile"), member.context})};
    case RecipientKind::gcp_kms: return {gcp_recipient(member.field("resource_id"))};
    case RecipientKind::hckms: return {hckms_recipient(member.field("key_id"))};
    case RecipientKind::azure_kv:
      return {azure_recipient(member.field("vaultUrl"), member.field("key"), member.field("version"))};
    case RecipientKind::hc_vault: return {vault_recipient(member.field(""))};
  }
  return {};
}

KeyGroup merged_group(const Model& model, const std::vector<GroupMember>& members) {
  KeyGroup group;
  std::set<std::pair<RecipientKind, std::string>> seen;
  for (const GroupMember& member : members) {
    for (RecipientEntry& entry : at(model, *member.node, [&] { return entries_of(member); })) {
      if (seen.emplace(entry.kind, entry.id()).second) group.entries.push_back(std::move(entry));
    }
  }
  return group;
}

// What `parse` gives, or why it gives nothing.
template <class Parse>
void add_named(std::vector<NamedRecipient>& named, const YamlNode& node, const Parse& parse) {
  try {
    for (RecipientEntry& entry : parse()) named.push_back({&node, std::move(entry), {}});
  } catch (const Error& error) {
    named.push_back({&node, std::nullopt, error.what()});
  }
}

// `list`: the recipients of one field, or one item of a list of them, divided by commas.
void add_plain(std::vector<NamedRecipient>& named, const RuleModel& rule, RecipientKind kind, const YamlNode& node,
               const std::string& list) {
  const AwsSettings aws{rule.aws_profile, {}};
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    const std::string item = list.substr(begin, comma - begin);
    add_named(named, node, [&] {
      if (item.empty()) throw Error(ExitCode::generic, "an empty recipient");
      return parse_recipient_list(kind, item, aws);
    });
    begin = comma + 1;
  }
}

void add_field(std::vector<NamedRecipient>& named, const RuleModel& rule, const PlainField& field, const YamlNode& node) {
  if (node.type != YamlType::list) {
    std::string list;
    add_named(named, node, [&] {
      list = comma_list(node, field.problem());
      return std::vector<RecipientEntry>();
    });
    if (!list.empty()) add_plain(named, rule, field.kind, node, list);
    return;
  }
  for (const YamlNode* item : node.items) {
    const bool any_scalar = field.kind == RecipientKind::hckms && item->is_scalar() && item->type != YamlType::null;
    if (is_text(*item) || any_scalar) {
      add_plain(named, rule, field.kind, *item, text_of(*item));
    } else if (field.kind != RecipientKind::hckms) {  // whose items were checked when the config was read
      named.push_back({item, std::nullopt, field.problem() + "expected string in list, got " + std::string(go_type(*item))});
    }
  }
}

}  // namespace

std::vector<std::vector<NamedRecipient>> named_recipients(const RuleModel& rule) {
  std::vector<std::vector<NamedRecipient>> groups;
  for (const std::vector<GroupMember>& members : rule.groups) {
    std::vector<NamedRecipient>& named = groups.emplace_back();
    for (const GroupMember& member : members) add_named(named, *member.node, [&] { return entries_of(member); });
  }
  if (!groups.empty()) return groups;
  std::vector<NamedRecipient>& named = groups.emplace_back();
  for (const PlainField& field : plain_fields) {
    if (const YamlNode* node = node_of(rule, field.kind)) add_field(named, rule, field, *node);
  }
  return groups;
}

std::vector<RecipientEntry> all_recipients(const Config& config) {
  std::vector<RecipientEntry> entries;
  if (!config.has_rules) return entries;
  for (const RuleModel& rule : *config.model->rules) {
    for (std::vector<NamedRecipient>& group : named_recipients(rule)) {
      for (NamedRecipient& named : group) {
        if (named.entry) entries.push_back(*std::move(named.entry));
      }
    }
  }
  return entries;
}

std::vector<KeyGroup> rule_groups(const Model& model, const RuleModel& rule) {
  if (rule.groups.empty()) return {plain_group(model, rule)};
  std::vector<KeyGroup> groups;
  for (const std::vector<GroupMember>& members : rule.groups) groups.push_back(merged_group(model, members));
  return groups;
}

}  // namespace leafseal::config
