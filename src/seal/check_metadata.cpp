#include <algorithm>

#include "leafseal/token.hpp"
#include "seal/check_document.hpp"

namespace leafseal {
namespace {

std::size_t line_of(const Document& document, NodeId node) {
  const Node& at = document[node];
  const std::uint32_t begin = at.key_span.empty() ? at.span.begin : at.key_span.begin;
  return place_of(document.source(), begin).line;
}

// The fields without which nobody knows whom to ask.
std::vector<std::string_view> required_fields(RecipientKind kind) {
  switch (kind) {
    case RecipientKind::kms:
      return {"arn"};
    case RecipientKind::gcp_kms:
      return {"resource_id"};
    case RecipientKind::hckms:
      return {"key_id"};
    case RecipientKind::azure_kv:
      return {"vault_url", "name", "version"};
    case RecipientKind::hc_vault:
      return {"vault_address", "engine_path", "key_name"};
    case RecipientKind::pgp:
      return {"fp"};
    case RecipientKind::age:
      return {"recipient"};
  }
  return {};
}

class MetadataChecker {
 public:
  MetadataChecker(const Document& document, const Metadata& metadata, std::vector<CheckFinding>& findings)
      : document_(document), metadata_(metadata), findings_(findings) {}

  void check() {
    check_mac();
    try {
      check_version(metadata_);
    } catch (const Error& error) {
      add("version", error.what());
    }
    const Selection selection(metadata_.selection);
    if (!selection.broken().empty()) {
      const std::string field(selection_field(metadata_.selection.kind));
      add(field, field + " is no valid pattern and selects nothing: " + quoted(selection.broken()));
    }
    check_groups();
    for (std::size_t i = 1; i < document_.metadata.size(); ++i) {
      if (document_.metadata[i] != no_node) continue;
      const std::uint32_t begin = document_[document_.roots[i]].span.begin;
      findings_.push_back({place_of(document_.source(), begin).line,
                           "document " + std::to_string(i + 1) + " of the file has no sops metadata", false});
    }
  }

 private:
  void check_mac() {
    if (metadata_.mac.empty()) return add("mac", "the sops metadata has no mac");
    const auto token = parse_token(metadata_.mac);
    if (!token) return add("mac", "the mac is no token");
    if (std::string flaw = token_flaw(*token); !flaw.empty()) add("mac", "the mac is a damaged token: " + flaw);
  }

  void check_groups() {
    const std::vector<KeyGroup>& groups = metadata_.keys.groups;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (groups[i].entries.empty()) add("key_groups", "key group " + std::to_string(i + 1) + " names no recipient");
      for (const RecipientEntry& entry : groups[i].entries) check_entry(entry);
    }
    const auto count = static_cast<int>(groups.size());
    if (count > 1 && (metadata_.keys.threshold < 2 || metadata_.keys.threshold > count)) {
      add("shamir_threshold", "shamir_threshold is " + std::to_string(metadata_.keys.threshold) + ", with " +
                                  std::to_string(count) + " key groups");
    }
  }

  void check_entry(const RecipientEntry& entry) {
    const std::string list(kind_name(entry.kind));
    const auto required = required_fields(entry.kind);
    const auto missing = std::find_if(required.begin(), required.end(),
                                      [&](std::string_view name) { return entry.field(name).empty(); });
    if (missing != required.end()) {
      add(list, "an entry of " + list + " has no " + std::string(*missing), "key_groups");
    } else if (entry.enc.empty()) {
      add(list, list + " recipient " + quoted(entry.id()) + " has no wrapped key", "key_groups");
    }
  }

  // At the field, or at the one that stands in for it, or where the metadata begins.
  void add(std::string_view field, std::string text, std::string_view instead = "") {
    const NodeId map = document_.metadata[0];
    NodeId node = document_.find(map, field);
    if (node == no_node && !instead.empty()) node = document_.find(map, instead);
    findings_.push_back(
        {node == no_node ? metadata_line(document_) : line_of(document_, node), std::move(text), false});
  }

  const Document& document_;
  const Metadata& metadata_;
  std::vector<CheckFinding>& findings_;
};

}  // namespace

std::size_t metadata_line(const Document& document) {
  return document.extra_metadata.empty() ? line_of(document, document.metadata.at(0))
                                         : line_of(document, document.extra_metadata[0]);
}

void check_metadata(const Document& document, const Metadata& metadata, std::vector<CheckFinding>& findings) {
  MetadataChecker(document, metadata, findings).check();
}

}  // namespace leafseal
