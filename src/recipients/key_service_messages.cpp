#include "recipients/key_service_messages.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "net/protobuf.hpp"

namespace leafseal {
namespace {

struct KeyField {
  std::uint32_t number;
  std::string_view name;  // in the metadata
};
struct KeyMessage {
  std::uint32_t number;  // in `Key`
  RecipientKind kind;
  std::array<KeyField, 3> fields;
};

constexpr std::array<KeyMessage, recipient_kinds> key_messages = {{
    {1, RecipientKind::kms, {{{1, "arn"}, {2, "role"}, {4, "aws_profile"}}}},
    {2, RecipientKind::pgp, {{{1, "fp"}}}},
    {3, RecipientKind::gcp_kms, {{{1, "resource_id"}}}},
    {4, RecipientKind::azure_kv, {{{1, "vault_url"}, {2, "name"}, {3, "version"}}}},
    {5, RecipientKind::hc_vault, {{{1, "vault_address"}, {2, "engine_path"}, {3, "key_name"}}}},
    {6, RecipientKind::age, {{{1, "recipient"}}}},
    {7, RecipientKind::hckms, {{{1, "key_id"}}}},
}};
constexpr std::uint32_t aws_context = 3;  // map<string, string>

using Texts = std::vector<std::pair<std::string, std::string>>;

void set(Texts& texts, std::string_view name, std::string_view value) {
  const auto found = std::find_if(texts.begin(), texts.end(), [&](const auto& text) { return text.first == name; });
  if (found != texts.end()) {
    found->second = value;  // of fields that come twice the last one counts
  } else {
    texts.emplace_back(name, value);
  }
}

bool read_context_pair(std::string_view message, Texts& context) {
  std::string_view key, value;
  ProtobufReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == 1 && field->delimited) key = field->bytes;
    if (field->number == 2 && field->delimited) value = field->bytes;
  }
  if (reader.broken() || utf8::find_invalid(key) != std::string_view::npos ||
      utf8::find_invalid(value) != std::string_view::npos) {
    return false;
  }
  set(context, key, value);
  return true;
}

bool read_entry(const KeyMessage& kind, std::string_view message, RecipientEntry& entry) {
  ProtobufReader reader(message);
  while (const auto field = reader.next()) {
    if (!field->delimited) continue;
    if (kind.kind == RecipientKind::kms && field->number == aws_context) {
      if (!read_context_pair(field->bytes, entry.context)) return false;
    }
    for (const KeyField& known : kind.fields) {
      if (known.number != field->number) continue;
      if (utf8::find_invalid(field->bytes) != std::string_view::npos) return false;
      set(entry.fields, known.name, field->bytes);
    }
  }
  return !reader.broken();
}

bool read_key(std::string_view message, KeyRequest& request) {
  ProtobufReader reader(message);
  while (const auto field = reader.next()) {
    const auto kind = std::find_if(key_messages.begin(), key_messages.end(),
                                   [&](const KeyMessage& known) { return known.number == field->number; });
    if (kind == key_messages.end()) {
      request.unknown_kind = true;
    } else if (field->delimited) {
      if (!request.entry || request.entry->kind != kind->kind) request.entry.emplace().kind = kind->kind;
      if (!read_entry(*kind, field->bytes, *request.entry)) return false;
    }
  }
  return !reader.broken();
}

}  // namespace

std::string key_request(const RecipientEntry& entry, std::string_view payload) {
  const KeyMessage& kind = *std::find_if(key_messages.begin(), key_messages.end(),
                                         [&](const KeyMessage& known) { return known.kind == entry.kind; });
  std::string fields;
  for (const KeyField& known : kind.fields) {
    const std::string value = known.number == 0 ? "" : entry.field(known.name);
    if (!value.empty()) append_field(fields, known.number, value);
  }
  for (const auto& [name, value] : entry.context) {
    std::string pair;
    append_field(pair, 1, name);
    append_field(pair, 2, value);
    append_field(fields, aws_context, pair);
  }
  std::string key, request;
  append_field(key, kind.number, fields);
  append_field(request, 1, key);
  if (!payload.empty()) append_field(request, 2, payload);
  return request;
}

std::optional<KeyRequest> parse_key_request(std::string_view message) {
  KeyRequest request;
  ProtobufReader reader(message);
  while (const auto field = reader.next()) {
    if (!field->delimited) continue;
    if (field->number == 1 && !read_key(field->bytes, request)) return std::nullopt;
    if (field->number == 2) request.payload = field->bytes;
  }
  if (reader.broken()) return std::nullopt;
  return request;
}

std::string key_response(std::string_view payload) {
  std::string response;
  if (!payload.empty()) append_field(response, 1, payload);
  return response;
}

std::optional<std::string_view> parse_key_response(std::string_view message) {
  std::string_view payload;
  ProtobufReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == 1 && field->delimited) payload = field->bytes;
  }
  if (reader.broken()) return std::nullopt;
  return payload;
}

}  // namespace leafseal
