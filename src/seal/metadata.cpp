#include "leafseal/metadata.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "leafseal/value.hpp"

namespace leafseal {
namespace {

[[noreturn]] void wrong_type(std::string_view field, std::string_view expected) {
  throw Error(ExitCode::generic,
              "'" + quoted(field) + "' expected type '" + std::string(expected) + "', got another type in the metadata",
              {"restore the sops block from version control"});
}

// A scalar as the reference's weakly typed reader takes it for a string field: booleans are 1 and 0, times are refused.
std::string text_of(const Document& document, NodeId node, std::string_view field) {
  const Node& scalar = document[node];
  if (scalar.kind != NodeKind::scalar || scalar.type == ScalarType::time) wrong_type(field, "string");
  if (scalar.type == ScalarType::boolean) return scalar.text == "True" ? "1" : "0";
  return std::string(scalar.text);
}

std::string text_field(const Document& document, NodeId map, std::string_view field) {
  const NodeId node = document.find(map, field);
  return node == no_node ? std::string() : text_of(document, node, field);
}

int int_field(const Document& document, NodeId map, std::string_view field) {
  const NodeId node = document.find(map, field);
  if (node == no_node || document[node].type == ScalarType::null) return 0;
  const std::string text = text_of(document, node, field);
  const auto number = parse_float(text.empty() ? "0" : text);
  if (!number || *number < -1e9 || *number > 1e9) wrong_type(field, "int");
  return static_cast<int>(*number);
}

bool bool_field(const Document& document, NodeId map, std::string_view field) {
  const NodeId node = document.find(map, field);
  if (node == no_node || document[node].type == ScalarType::null) return false;
  if (document[node].kind != NodeKind::scalar) wrong_type(field, "bool");
  if (document[node].text.empty()) return false;
  if (const auto number = parse_int(document[node].text)) return *number != 0;
  const auto value = canonical_value(ScalarType::boolean, document[node].text);
  if (!value) wrong_type(field, "bool");
  return value->text == "True";
}

void require_time(const std::string& text) {
  if (parse_rfc3339(text)) return;
  const std::string shown = quoted(text, 40);
  throw Error(ExitCode::generic,
              "parsing time \"" + shown + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"" + shown + "\" as \"2006\"",
              {"a time in the metadata is not RFC 3339: restore the sops block from version control"});
}

RecipientEntry read_entry(const Document& document, NodeId map, RecipientKind kind) {
  RecipientEntry entry;
  entry.kind = kind;
  if (document[map].kind != NodeKind::map) wrong_type(kind_name(kind), "map");
  for (NodeId at = document[map].first_child; at != no_node; at = document[at].next) {
    const Node& field = document[at];
    if (field.kind == NodeKind::comment) continue;
    if (field.key == "enc") {
      entry.enc = text_of(document, at, field.key);
    } else if (field.key == "context" && kind == RecipientKind::kms) {
      for (NodeId pair = field.first_child; pair != no_node; pair = document[pair].next) {
        if (document[pair].kind == NodeKind::scalar && document[pair].type != ScalarType::null) {
          entry.context.emplace_back(document[pair].key, text_of(document, pair, document[pair].key));
        }
      }
    } else if (field.kind == NodeKind::scalar && field.type != ScalarType::null) {
      entry.fields.emplace_back(field.key, text_of(document, at, field.key));
    }
  }
  if (kind != RecipientKind::age) require_time(entry.field("created_at"));
  if (kind == RecipientKind::hckms) {
    const std::string id = entry.field("key_id");
    const std::size_t colon = id.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == id.size()) {
      throw Error(ExitCode::generic, "invalid key ID format: expected 'region:key-uuid', got \"" + quoted(id) + "\"");
    }
  }
  return entry;
}

// The seven lists of one group. A list given as a single map is one recipient.
KeyGroup read_group(const Document& document, NodeId map) {
  KeyGroup group;
  if (document[map].kind != NodeKind::map) wrong_type("key_groups", "map");
  for (std::size_t k = 0; k < recipient_kinds; ++k) {
    const auto kind = static_cast<RecipientKind>(k);
    const NodeId list = document.find(map, kind_name(kind));
    if (list == no_node) continue;
    if (document[list].kind == NodeKind::map) {
      group.entries.push_back(read_entry(document, list, kind));
    } else if (document[list].kind == NodeKind::list) {
      for (NodeId at = document[list].first_child; at != no_node; at = document[at].next) {
        if (document[at].kind != NodeKind::comment) group.entries.push_back(read_entry(document, at, kind));
      }
    } else if (document[list].type != ScalarType::null && !document[list].text.empty()) {
      wrong_type(kind_name(kind), "[]map");
    }
  }
  return group;
}

KeyGroups read_groups(const Document& document, NodeId map) {
  constexpr std::size_t recipient_limit = 1000;  // security.md P1
  KeyGroups keys;
  KeyGroup flat = read_group(document, map);
  if (!flat.entries.empty()) {
    keys.groups.push_back(std::move(flat));
  } else if (const NodeId list = document.find(map, "key_groups"); list != no_node) {
    if (document[list].kind == NodeKind::map) keys.groups.push_back(read_group(document, list));
    if (document[list].kind == NodeKind::list) {
      for (NodeId at = document[list].first_child; at != no_node; at = document[at].next) {
        if (document[at].kind != NodeKind::comment) keys.groups.push_back(read_group(document, at));
      }
    }
  }
  if (keys.groups.empty()) {
    throw Error(ExitCode::generic, "No keys found in file",
                {"the sops block names no recipient: restore it from version control"});
  }
  std::size_t count = 0;
  for (const KeyGroup& group : keys.groups) count += group.entries.size();
  if (count > recipient_limit) {
    throw Error(ExitCode::generic, "the file names " + std::to_string(count) + " recipients; the limit is " +
                                       std::to_string(recipient_limit));
  }
  return keys;
}

void read_selection(const Document& document, NodeId map, Metadata& metadata) {
  metadata.selection_stored = false;
  for (const SelectionKind kind : stored_selections) {
    std::string pattern = text_field(document, map, selection_field(kind));
    if (pattern.empty()) continue;
    if (metadata.selection_stored) {
      throw Error(ExitCode::generic,
                  "Cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, "
                  "encrypted_comment_regex, or unencrypted_comment_regex in the same file");
    }
    metadata.selection = {kind, std::move(pattern)};
    metadata.selection_stored = true;
  }
}

}  // namespace

std::string Metadata::mac_associated_data() const {
  require_time(last_modified);
  return format_rfc3339(*parse_rfc3339(last_modified), false);
}

bool has_metadata(const Document& document) { return !document.metadata.empty() && document.metadata[0] != no_node; }

Metadata read_metadata(const Document& document) {
  if (!has_metadata(document)) {
    throw Error(ExitCode::generic, "sops metadata not found",
                {"this file is not sealed; seal it with: leafseal encrypt -i FILE"});
  }
  if (!document.extra_metadata.empty()) throw Error(ExitCode::generic, "Found duplicate sops entry");
  const NodeId map = document.metadata[0];
  if (document[map].kind != NodeKind::map) throw Error(ExitCode::generic, "Found sops entry that is not a mapping");

  Metadata metadata;
  metadata.last_modified = text_field(document, map, "lastmodified");
  require_time(metadata.last_modified);
  metadata.keys = read_groups(document, map);
  metadata.keys.threshold = int_field(document, map, "shamir_threshold");
  read_selection(document, map, metadata);
  metadata.mac = text_field(document, map, "mac");
  metadata.mac_only_encrypted = bool_field(document, map, "mac_only_encrypted");
  metadata.version = text_field(document, map, "version");
  if (const NodeId own = document.find(map, "leafseal"); own != no_node && document[own].kind == NodeKind::map) {
    const NodeId layout = document.find(own, "layout");
    if (layout != no_node && document[layout].kind == NodeKind::scalar) metadata.layout = document[layout].text;
  }
  return metadata;
}

void check_version(const Metadata& metadata) {
  std::string_view version = metadata.version;
  const std::vector<std::string> hints = {"the metadata's version must look like 3.13.2"};
  if (version.empty()) throw Error(ExitCode::generic, "Version string empty", hints);
  if (version.starts_with("1.")) return;
  if (version.starts_with('v')) version.remove_prefix(1);
  int numbers = 0;
  while (numbers < 3) {
    const std::size_t digits = std::min(version.find_first_not_of("0123456789"), version.size());
    if (digits == 0) break;
    ++numbers;
    version.remove_prefix(digits);
    if (numbers < 3 && !version.starts_with('.')) break;
    if (numbers < 3) version.remove_prefix(1);
  }
  const bool ends_well = version.empty() || version[0] == '-' || version[0] == '+';
  if (numbers < 3 || !ends_well) throw Error(ExitCode::generic, "No Major.Minor.Patch elements found", hints);
}

}  // namespace leafseal
