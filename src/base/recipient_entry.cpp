#include <algorithm>
#include <array>

#include "leafseal/recipient.hpp"

namespace leafseal {
namespace {

std::string aws_id(const RecipientEntry& entry) {
  std::string id = entry.field("arn");
  if (const std::string role = entry.field("role"); !role.empty()) id += "+" + role;
  auto sorted = entry.context;
  std::sort(sorted.begin(), sorted.end());
  std::string context;
  for (const auto& [key, value] : sorted) context += (context.empty() ? "" : ",") + key + ":" + value;
  const std::string profile = entry.field("aws_profile");
  if (!profile.empty()) return id + "|" + context + "|" + profile;
  return context.empty() ? id : id + "|" + context;
}

}  // namespace

std::string_view kind_name(RecipientKind kind) {
  static constexpr std::array<std::string_view, recipient_kinds> names = {"kms",      "gcp_kms", "hckms", "azure_kv",
                                                                          "hc_vault", "pgp",     "age"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string RecipientEntry::field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return {};
}

std::string RecipientEntry::id() const {
  switch (kind) {
    case RecipientKind::kms: return aws_id(*this);
    case RecipientKind::gcp_kms: return field("resource_id");
    case RecipientKind::hckms: return field("key_id");
    case RecipientKind::azure_kv: return field("vault_url") + "/keys/" + field("name") + "/" + field("version");
    case RecipientKind::hc_vault:
      return field("vault_address") + "/v1/" + field("engine_path") + "/keys/" + field("key_name");
    case RecipientKind::pgp: return field("fp");
    case RecipientKind::age: return field("recipient");
  }
  return {};
}

bool RecipientEntry::means(const RecipientEntry& other) const {
  if (kind != other.kind) return false;
  const bool any_version = kind == RecipientKind::azure_kv && field("version").empty();
  return any_version ? other.id().starts_with(id()) : other.id() == id();
}

}  // namespace leafseal
