// M1: a freed block holds nothing of what was in it.
#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <string>

#if !defined(__SANITIZE_ADDRESS__)

namespace {

// Looks at freed memory, behind the pointers that the allocator keeps in its first bytes. A compiler may assume that
// nobody does: hence through a volatile pointer kept as a number.
std::size_t left_over(std::uintptr_t address, std::size_t size, char filler) {
  const auto* bytes = reinterpret_cast<const volatile char*>(address);
  std::size_t count = 0;
  for (std::size_t i = 32; i < size; ++i) count += bytes[i] == filler ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("freed blocks are wiped", "[heap][M1]") {
  const std::size_t size = GENERATE(std::size_t{100}, std::size_t{5000}, std::size_t{100'000});
  char* block = static_cast<char*>(::operator new(size));
  char* guard = static_cast<char*>(::operator new(64));  // keeps the block from merging with the top of the heap
  std::memset(block, 'S', size);
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  ::operator delete(block);
  CHECK(left_over(address, size, 'S') == 0);
  ::operator delete(guard);
}

#endif
