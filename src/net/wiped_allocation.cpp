#include "net/wiped_allocation.hpp"

#include <malloc.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>

namespace leafseal {

void wiped_free(void* block) {
  if (block == nullptr) return;
  ::explicit_bzero(block, ::malloc_usable_size(block));
  std::free(block);
}

void* wiped_realloc(void* block, std::size_t size) {
  if (block == nullptr) return std::malloc(size);
  void* moved = std::malloc(size == 0 ? 1 : size);
  if (moved == nullptr) return nullptr;
  ::memcpy(moved, block, std::min(size, ::malloc_usable_size(block)));
  wiped_free(block);
  return moved;
}

}  // namespace leafseal
