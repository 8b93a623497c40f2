#include "recipients/recipient_syntax.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "leafseal/error.hpp"
#include "recipients/gcp_kms.hpp"

namespace leafseal {
namespace {

bool all(std::string_view text, int (*holds)(int)) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return holds(static_cast<unsigned char>(c)) != 0; });
}

std::vector<std::string_view> parts_of(std::string_view text, char separator, std::size_t most) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < most) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  parts.push_back(text);
  return parts;
}

std::string pgp_flaw(std::string_view fingerprint) {
  std::string_view digits = fingerprint;
  if (digits.ends_with('!')) digits.remove_suffix(1);
  if (digits.starts_with("0x") || digits.starts_with("0X")) digits.remove_prefix(2);
  if (digits.empty()) return "an empty fingerprint";
  if (!all(digits, [](int c) { return std::isxdigit(c); })) {
    return "\"" + quoted(fingerprint, 60) + "\" is no fingerprint: names and mail addresses are not looked up";
  }
  if (digits.size() < 16) return "the key id " + quoted(fingerprint) + " is too short; write the whole fingerprint";
  return {};
}

// arn:aws:kms:REGION:ACCOUNT:key/ID, also of other partitions and with an alias (recipients.md 5.1).
std::string kms_flaw(const std::string& arn) {
  const auto parts = parts_of(arn, ':', 6);
  const bool fits = parts.size() == 6 && parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == "kms" &&
                    !parts[3].empty() && !parts[4].empty() && all(parts[4], [](int c) { return std::isdigit(c); }) &&
                    ((parts[5].starts_with("key/") && parts[5].size() > 4) ||
                     (parts[5].starts_with("alias/") && parts[5].size() > 6));
  return fits ? std::string() : "no valid ARN found in '" + quoted(arn) + "'";
}

}  // namespace

std::string syntax_flaw(const RecipientEntry& entry) {
  switch (entry.kind) {
    case RecipientKind::pgp: return pgp_flaw(entry.field("fp"));
    case RecipientKind::kms: return kms_flaw(entry.field("arn"));
    case RecipientKind::gcp_kms:
      return is_gcp_key(entry.field("resource_id"))
                 ? std::string()
                 : "no valid resource ID found in \"" + quoted(entry.field("resource_id")) + "\"";
    case RecipientKind::azure_kv:
      return entry.field("vault_url").starts_with("https://") ? std::string()
                                                               : "\"" + quoted(entry.field("vault_url")) + "\" is not https";
    case RecipientKind::age:
    case RecipientKind::hckms:
    case RecipientKind::hc_vault: break;
  }
  return {};
}

}  // namespace leafseal
