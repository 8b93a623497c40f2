#include "recipients/wrapped_form.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "leafseal/error.hpp"
#include "recipients/age_armor.hpp"
#include "recipients/age_header.hpp"
#include "recipients/pgp_message.hpp"

namespace leafseal {
namespace {

constexpr std::size_t age_nonce_and_tag = 32;

std::string age_problem(std::string_view enc) {
  try {
    const std::string file = age::remove_armor(enc);
    const age::Header header = age::parse_header(file);
    if (header.stanzas.empty()) return "is an age file without a stanza";
    return file.size() < header.size + age_nonce_and_tag ? "is an age file that is cut off" : "";
  } catch (const Error& error) {
    return std::string("is not an age file: ") + error.what();
  }
}

bool is_base64(std::string_view text) {
  std::string bytes;
  return !text.empty() && !base64::decode(text, bytes) && !bytes.empty();
}

bool is_base64url(std::string text) {
  if (text.find_first_of("+/") != std::string::npos) return false;
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  std::string bytes;
  return !text.empty() && !base64::decode(text, bytes, base64::Padding::forbidden);
}

// vault:vN:BASE64
bool is_vault_ciphertext(std::string_view text) {
  constexpr std::string_view prefix = "vault:v";
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  const std::size_t digits = text.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && text[digits] == ':' && is_base64(text.substr(digits + 1));
}

}  // namespace

std::string wrapped_form_problem(const RecipientEntry& entry) {
  if (entry.enc.empty()) return "is empty";
  switch (entry.kind) {
    case RecipientKind::age: return age_problem(entry.enc);
    case RecipientKind::pgp: return pgp_message_problem(entry.enc);
    case RecipientKind::kms:
    case RecipientKind::gcp_kms:
    case RecipientKind::hckms: return is_base64(entry.enc) ? "" : "is not base64";
    case RecipientKind::azure_kv: return is_base64url(entry.enc) ? "" : "is not unpadded base64url";
    case RecipientKind::hc_vault: return is_vault_ciphertext(entry.enc) ? "" : "does not read vault:vN:...";
  }
  return "";
}

}  // namespace leafseal
