#include "formats/yaml_unique_keys.hpp"

#include <functional>
#include <utility>

namespace leafseal::yaml {

std::int64_t UniqueKeys::add(NodeId map, std::string_view key, bool is_alias, std::uint32_t line) {
  if (2 * (used_ + 1) > slots_.size()) grow();
  const std::size_t hash = std::hash<std::string_view>{}(key) ^ (std::size_t{map} * 0x9e3779b97f4a7c15U);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].map != no_node; at = (at + 1) & (slots_.size() - 1)) {
    const Entry& entry = slots_[at];
    if (entry.hash == hash && entry.map == map && entry.is_alias == is_alias && entry.key == key) return entry.line;
  }
  slots_[at] = {key, hash, map, line, is_alias};
  ++used_;
  return -1;
}

void UniqueKeys::grow() {
  std::vector<Entry> old(slots_.empty() ? 64 : 2 * slots_.size());
  std::swap(old, slots_);
  for (const Entry& entry : old) {
    if (entry.map == no_node) continue;
    std::size_t at = entry.hash & (slots_.size() - 1);
    while (slots_[at].map != no_node) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = entry;
  }
}

}  // namespace leafseal::yaml
