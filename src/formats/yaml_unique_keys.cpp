#include "formats/yaml_unique_keys.hpp"

#include <functional>

namespace leafseal::yaml {
namespace {

constexpr std::uint32_t free_slot = 0xffffffffU;

}  // namespace

std::int64_t UniqueKeys::add(NodeId map, std::string_view key, bool is_alias, std::uint32_t line) {
  if (2 * (entries_.size() + 1) > slots_.size()) grow();
  const std::size_t hash = std::hash<std::string_view>{}(key) ^ (std::size_t{map} * 0x9e3779b97f4a7c15U);
  std::size_t at = first_slot(hash);
  for (; slots_[at] != free_slot; at = next_slot(at)) {
    const Entry& entry = entries_[slots_[at]];
    if (entry.hash == hash && entry.map == map && entry.is_alias == is_alias && entry.key == key) return entry.line;
  }
  slots_[at] = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({key, hash, map, line, is_alias});
  return -1;
}

// Entries go in the reverse order of their coming, so that none that is left was placed around one that is gone.
void UniqueKeys::end(NodeId map) {
  while (!entries_.empty() && entries_.back().map == map) {
    std::size_t at = first_slot(entries_.back().hash);
    while (slots_[at] != entries_.size() - 1) at = next_slot(at);
    slots_[at] = free_slot;
    entries_.pop_back();
  }
}

void UniqueKeys::grow() {
  slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), free_slot);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    std::size_t at = first_slot(entries_[i].hash);
    while (slots_[at] != free_slot) at = next_slot(at);
    slots_[at] = i;
  }
}

}  // namespace leafseal::yaml
