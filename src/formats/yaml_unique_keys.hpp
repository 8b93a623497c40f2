// UniqueKeys: finds a key that a mapping has twice. One hash table serves all mappings of a file.
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

 private:
  struct Entry {
    std::string_view key;
    std::size_t hash = 0;
    NodeId map = no_node;
    std::uint32_t line = 0;
    bool is_alias = false;
  };
  void grow();

  std::vector<Entry> slots_;  // open addressing, at most half full; a power of two
  std::size_t used_ = 0;
};

}  // namespace leafseal::yaml
