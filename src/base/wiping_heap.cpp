// The global heap, with one addition: every block is wiped when it is freed (security.md M1). Plaintext may therefore
// live in ordinary strings and trees, and no code path has to remember to clean up. Costs one memset a block; large
// blocks hand their pages back to the kernel, which is a wipe too and does not touch memory that was never used.
//
// Compiled out under AddressSanitizer, whose own allocator must see every block.
#if !defined(__SANITIZE_ADDRESS__)

#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t large = 256 * 1024;
constexpr std::uintptr_t page = 4096;
constexpr std::size_t huge_page = 2 * 1024 * 1024;

void wipe_block(void* block) noexcept {
  const std::size_t size = ::malloc_usable_size(block);
  if (size < large) return ::explicit_bzero(block, size);
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t first = (begin + page - 1) & ~(page - 1);
  const std::uintptr_t last = (begin + size) & ~(page - 1);
  if (::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED) != 0) return ::explicit_bzero(block, size);
  ::explicit_bzero(block, first - begin);
  ::explicit_bzero(reinterpret_cast<void*>(last), begin + size - last);
}

void release(void* block) noexcept {
  if (block == nullptr) return;
  wipe_block(block);
  std::free(block);
}

// Whole documents and their nodes. Page faults would take a tenth of the time of opening one; in huge pages, which the
// kernel gives where it has some, there are few.
void* acquire_huge(std::size_t size) noexcept {
  const std::size_t whole = (size + huge_page - 1) / huge_page * huge_page;
  void* const block = std::aligned_alloc(huge_page, whole);
  if (block != nullptr) ::madvise(block, whole, MADV_HUGEPAGE);
  return block;
}

void* acquire(std::size_t size) noexcept {
  if (size >= huge_page / 2 && size < SIZE_MAX - huge_page) return acquire_huge(size);
  return std::malloc(size == 0 ? 1 : size);
}

void* acquire(std::size_t size, std::align_val_t alignment) noexcept {
  const auto align = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(align, (size + align - 1) / align * align);
}

void* or_throw(void* block) {
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

void* operator new(std::size_t size) { return or_throw(acquire(size)); }
void* operator new[](std::size_t size) { return or_throw(acquire(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return acquire(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return acquire(size); }
void* operator new(std::size_t size, std::align_val_t align) { return or_throw(acquire(size, align)); }
void* operator new[](std::size_t size, std::align_val_t align) { return or_throw(acquire(size, align)); }

void operator delete(void* block) noexcept { release(block); }
void operator delete[](void* block) noexcept { release(block); }
void operator delete(void* block, std::size_t) noexcept { release(block); }
void operator delete[](void* block, std::size_t) noexcept { release(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { release(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { release(block); }
void operator delete(void* block, std::align_val_t) noexcept { release(block); }
void operator delete[](void* block, std::align_val_t) noexcept { release(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { release(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { release(block); }

#endif
