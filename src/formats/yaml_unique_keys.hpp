// UniqueKeys: finds a key that a mapping has twice. One hash table serves all mappings that are open.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "leafseal/document.hpp"

namespace leafseal::yaml {

class UniqueKeys {
 public:
  // The line (from 0) on which `map` has this key already, or -1; then nothing is added. An alias never equals a scalar.
  std::int64_t add(NodeId map, std::string_view key, bool is_alias, std::uint32_t line);
  // `map` is complete: its keys, the last that were added, are forgotten.
  void end(NodeId map);

 private:
  struct Entry {
    std::string_view key;
    std::size_t hash = 0;
    NodeId map = no_node;
    std::uint32_t line = 0;
    bool is_alias = false;
  };
  std::size_t first_slot(std::size_t hash) const { return hash & (slots_.size() - 1); }
  std::size_t next_slot(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  void grow();

  std::vector<Entry> entries_;        // of the mappings that are open, the innermost last
  std::vector<std::uint32_t> slots_;  // indices of entries by hash; open addressing, at most half full; a power of two
};

}  // namespace leafseal::yaml
