#include "recipients/recipient_list.hpp"

#include <algorithm>
#include <cctype>

#include "leafseal/environment.hpp"
#include "leafseal/error.hpp"
#include "recipients/age_recipient.hpp"

namespace leafseal {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

std::string without_spaces(std::string_view text) {
  std::string out(text);
  std::erase(out, ' ');
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string in_quotes(std::string_view text) { return "\"" + quoted(text) + "\""; }

// A role may be glued to its key: a key's own path can hold '+' but no ':'.
RecipientEntry kms_from_text(std::string_view text, const AwsSettings& aws) {
  std::string arn = without_spaces(text);
  std::string role;
  if (const std::size_t at = arn.find("+arn:"); at != std::string::npos && at > 0) {
    role = arn.substr(at + 1);
    arn.resize(at);
  }
  return kms_recipient(std::move(arn), std::move(role), aws);
}

// https://VAULT/keys/NAME[/[VERSION]]
RecipientEntry azure_from_text(std::string_view text) {
  const std::string_view url = trimmed(text);
  constexpr std::string_view scheme = "https://";
  const std::vector<std::string_view> parts =
      split(url.starts_with(scheme) ? url.substr(scheme.size()) : std::string_view(), '/');
  if (parts.size() < 3 || parts.size() > 4 || parts[0].empty() || parts[1] != "keys" || parts[2].empty()) {
    throw Error(ExitCode::generic, "could not parse " + in_quotes(url) + " into a valid Azure Key Vault MasterKey []",
                {"write https://VAULT.vault.azure.net/keys/NAME/VERSION"});
  }
  return azure_recipient(std::string(scheme) + std::string(parts[0]), std::string(parts[2]),
                         parts.size() == 4 ? std::string(parts[3]) : std::string());
}

bool is_version(std::string_view segment) {
  return segment.size() > 1 && segment[0] == 'v' &&
         std::all_of(segment.begin() + 1, segment.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Engine and key name out of /v1/ENGINE.../keys/NAME.
std::pair<std::string, std::string> engine_and_key(std::string_view path) {
  constexpr const char* form = "https://vault.example.com:8200/v1/transit/keys/keyName)";
  const std::vector<std::string_view> segments = split(path, '/');
  bool well_formed = false;
  for (std::size_t i = 1; i + 3 < segments.size(); ++i) {
    if (!is_version(segments[i]) || segments[i + 1].empty() || segments[i + 2].empty() || segments[i + 3].empty()) {
      continue;
    }
    if (i > 1 && !segments[i - 1].empty()) {
      throw Error(ExitCode::generic,
                  std::string("running Vault with a prefixed URL is not supported! (Format has to be like ") + form);
    }
    well_formed = true;
  }
  if (!well_formed) {
    throw Error(ExitCode::generic, std::string("vault path does not seem to be formatted correctly: (eg. ") + form);
  }
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::vector<std::string_view> names = split(path, '/');
  std::string engine;
  for (std::size_t i = 1; i + 2 < names.size(); ++i) {
    if (names[i].empty()) continue;
    if (!engine.empty()) engine += '/';
    engine += names[i];
  }
  return {engine, std::string(names.back())};
}

template <class Make>
std::vector<RecipientEntry> each(std::string_view list, bool keep_empty, const Make& make) {
  std::vector<RecipientEntry> entries;
  if (list.empty()) return entries;
  for (const std::string_view item : split(list, ',')) {
    if (keep_empty || !trimmed(item).empty()) entries.push_back(make(item));
  }
  return entries;
}

}  // namespace

std::vector<RecipientEntry> parse_recipient_list(RecipientKind kind, std::string_view list, const AwsSettings& aws) {
  switch (kind) {
    case RecipientKind::age: return each(list, true, age_recipient);
    case RecipientKind::pgp: return each(list, true, pgp_recipient);
    case RecipientKind::kms: return each(list, true, [&](std::string_view item) { return kms_from_text(item, aws); });
    case RecipientKind::gcp_kms: return each(list, true, gcp_recipient);
    case RecipientKind::hckms:
      return each(list, false, [](std::string_view item) { return hckms_recipient(trimmed(item)); });
    case RecipientKind::azure_kv: return each(list, true, azure_from_text);
    case RecipientKind::hc_vault: return each(list, false, vault_recipient);
  }
  return {};
}

RecipientEntry age_recipient(std::string_view text) {
  const Environment nothing;  // a plugin is looked for when it is needed, not when it is named
  check_age_recipient(text, nothing);
  return {RecipientKind::age, {{"recipient", std::string(trimmed(text))}}, {}, {}};
}

RecipientEntry pgp_recipient(std::string_view fingerprint) {
  return {RecipientKind::pgp, {{"fp", without_spaces(fingerprint)}}, {}, {}};
}

RecipientEntry kms_recipient(std::string arn, std::string role, const AwsSettings& aws) {
  RecipientEntry entry{RecipientKind::kms, {{"arn", std::move(arn)}, {"aws_profile", aws.profile}}, aws.context, {}};
  if (!role.empty()) entry.fields.emplace_back("role", std::move(role));
  return entry;
}

RecipientEntry gcp_recipient(std::string_view resource_id) {
  return {RecipientKind::gcp_kms, {{"resource_id", without_spaces(resource_id)}}, {}, {}};
}

RecipientEntry hckms_recipient(std::string_view key_id) {
  const std::string_view id = trimmed(key_id);
  const std::size_t colon = id.find(':');
  if (colon == std::string_view::npos) {
    throw Error(ExitCode::generic, "invalid key ID format: expected 'region:key-uuid', got " + in_quotes(id));
  }
  if (trimmed(id.substr(0, colon)).empty()) {
    throw Error(ExitCode::generic, "region cannot be empty in key ID: " + in_quotes(id));
  }
  if (trimmed(id.substr(colon + 1)).empty()) {
    throw Error(ExitCode::generic, "key UUID cannot be empty in key ID: " + in_quotes(id));
  }
  return {RecipientKind::hckms, {{"key_id", std::string(key_id)}}, {}, {}};
}

RecipientEntry azure_recipient(std::string vault_url, std::string name, std::string version) {
  return {RecipientKind::azure_kv,
          {{"name", std::move(name)}, {"vault_url", std::move(vault_url)}, {"version", std::move(version)}},
          {},
          {}};
}

RecipientEntry vault_recipient(std::string_view uri) {
  // `host:port` without `//` is a scheme and something that is no path.
  const std::size_t scheme = uri.find(':');
  if (scheme == std::string_view::npos || scheme == 0 || uri.substr(0, scheme).find('/') != std::string_view::npos) {
    throw Error(ExitCode::generic,
                "missing scheme in Vault URL (should be like this: "
                "+https://vault.example.com:8200/v1/transit/keys/keyName), got: " +
                    quoted(uri));
  }
  const bool has_host = uri.substr(scheme).starts_with("://");
  const std::size_t path = has_host ? std::min(uri.find('/', scheme + 3), uri.size()) : uri.size();
  auto [engine, key] = engine_and_key(uri.substr(path));
  std::string address(uri.substr(0, path));
  return {RecipientKind::hc_vault,
          {{"engine_path", std::move(engine)}, {"key_name", std::move(key)}, {"vault_address", std::move(address)}},
          {},
          {}};
}

}  // namespace leafseal
