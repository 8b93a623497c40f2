#include "seal/moved_records.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace leafseal {
namespace {

// Where a byte that no edit touched stands afterwards.
std::optional<std::uint32_t> moved(std::uint32_t offset, const std::vector<Edit>& sorted) {
  std::int64_t shift = 0;
  for (const Edit& edit : sorted) {
    if (edit.where.begin > offset) break;
    if (edit.where.end > offset) return std::nullopt;
    shift += static_cast<std::int64_t>(edit.text.size()) - edit.where.size();
  }
  return static_cast<std::uint32_t>(offset + shift);
}

}  // namespace

LayoutRecords moved_records(const LayoutRecords& records, const Document& before, const Edits& edits, const Document& after) {
  if (records.empty()) return {};
  std::vector<Edit> sorted(edits.begin(), edits.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const Edit& a, const Edit& b) { return a.where.begin < b.where.begin; });
  std::unordered_map<std::uint32_t, NodeId> by_begin;
  for (NodeId id = 0; id < after.size(); ++id) {
    if (after[id].parent != no_node) by_begin.emplace(after[id].begin, id);  // the outermost of nested ones comes first
  }
  const Addresses old_addresses(before), new_addresses(after);
  LayoutRecords kept;
  for (const LayoutRecord& record : records) {
    const bool is_comment = record.kind == RecordKind::comment;
    const NodeId node = is_comment ? old_addresses.comment_at(record.address) : old_addresses.at(record.address);
    if (node == no_node) continue;
    const auto begin = moved(before[node].begin, sorted);
    const auto found = begin ? by_begin.find(*begin) : by_begin.end();
    if (found == by_begin.end() || after[found->second].kind != before[node].kind) continue;
    if (record.kind == RecordKind::value && after[found->second].text != before[node].text) continue;
    kept.push_back({new_addresses.of(found->second), record.kind, record.text});
  }
  return kept;
}

}  // namespace leafseal
