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

void add_entries(const Document& document, NodeId group, std::vector<NodeId>& nodes) {
  for (std::size_t kind = 0; kind < recipient_kinds; ++kind) {
    const NodeId list = document.find(group, kind_name(static_cast<RecipientKind>(kind)));
    if (list == no_node) continue;
    if (document[list].kind == NodeKind::map) nodes.push_back(list);
    if (document[list].kind != NodeKind::list) continue;
    for (NodeId at = document[list].first_child; at != no_node; at = document[at].next) {
      if (document[at].kind != NodeKind::comment) nodes.push_back(at);
    }
  }
}

// Where the recipients stand, in the order in which read_metadata() takes them.
std::vector<NodeId> nodes_of_entries(const Document& document) {
  std::vector<NodeId> nodes;
  const NodeId map = document.metadata[0];
  add_entries(document, map, nodes);
  const NodeId groups = nodes.empty() ? document.find(map, "key_groups") : no_node;
  if (groups == no_node) return nodes;
  if (document[groups].kind == NodeKind::map) add_entries(document, groups, nodes);
  if (document[groups].kind != NodeKind::list) return nodes;
  for (NodeId at = document[groups].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind != NodeKind::comment) add_entries(document, at, nodes);
  }
  return nodes;
}

class MetadataChecker {
 public:
  MetadataChecker(const Document& document, const Metadata& metadata, WrappedFormProblem wrapped_form_problem,
                  std::vector<CheckFinding>& findings)
      : document_(document), metadata_(metadata), wrapped_form_problem_(wrapped_form_problem), findings_(findings) {}

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
    const std::vector<NodeId> nodes = nodes_of_entries(document_);
    std::size_t next = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (groups[i].entries.empty()) add("key_groups", "key group " + std::to_string(i + 1) + " names no recipient");
      for (const RecipientEntry& entry : groups[i].entries) check_entry(entry, nodes.at(next++));
    }
    const auto count = static_cast<int>(groups.size());
    if (count > 1 && (metadata_.keys.threshold < 2 || metadata_.keys.threshold > count)) {
      add("shamir_threshold", "shamir_threshold is " + std::to_string(metadata_.keys.threshold) + ", with " +
                                  std::to_string(count) + " key groups");
    }
  }

  void check_entry(const RecipientEntry& entry, NodeId node) {
    const std::string list(kind_name(entry.kind));
    const auto required = required_fields(entry.kind);
    const auto missing = std::find_if(required.begin(), required.end(),
                                      [&](std::string_view name) { return entry.field(name).empty(); });
    if (missing != required.end()) return add_at(node, "an entry of " + list + " has no " + std::string(*missing));
    if (entry.enc.empty()) return add_at(node, list + " recipient " + quoted(entry.id()) + " has no wrapped key");
    const std::string problem = wrapped_form_problem_(entry);
    if (problem.empty()) return;
    add_at(document_.find(node, "enc"), "the wrapped key of " + quoted(entry.id()) + " " + problem);
  }

  void add_at(NodeId node, std::string text) {
    findings_.push_back({line_of(document_, node), std::move(text), false});
  }

  // At the field, or where the metadata begins.
  void add(std::string_view field, std::string text) {
    const NodeId node = document_.find(document_.metadata[0], field);
    findings_.push_back(
        {node == no_node ? metadata_line(document_) : line_of(document_, node), std::move(text), false});
  }

  const Document& document_;
  const Metadata& metadata_;
  WrappedFormProblem wrapped_form_problem_;
  std::vector<CheckFinding>& findings_;
};

}  // namespace

std::size_t metadata_line(const Document& document) {
  return document.extra_metadata.empty() ? line_of(document, document.metadata.at(0))
                                         : line_of(document, document.extra_metadata[0]);
}

void check_metadata(const Document& document, const Metadata& metadata, WrappedFormProblem wrapped_form_problem,
                    std::vector<CheckFinding>& findings) {
  MetadataChecker(document, metadata, wrapped_form_problem, findings).check();
}

}  // namespace leafseal
