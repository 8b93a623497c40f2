// A heap for libraries that are written in C: what they free or move is wiped, since what passes through them holds
// tokens and data keys. Our own blocks are wiped by base/wiping_heap.cpp.
#pragma once

#include <cstddef>

namespace leafseal {

void wiped_free(void* block);
void* wiped_realloc(void* block, std::size_t size);

}  // namespace leafseal
