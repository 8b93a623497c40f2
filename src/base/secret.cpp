#include "leafseal/secret.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

namespace leafseal {
namespace {

std::size_t mapped_size(std::size_t size) {
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

std::uint8_t* map_secret(std::size_t size) {
  if (size == 0) return nullptr;
  void* memory = mmap(nullptr, mapped_size(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  mlock(memory, mapped_size(size));  // a full RLIMIT_MEMLOCK is no reason to stop (security.md M1)
  madvise(memory, mapped_size(size), MADV_DONTDUMP);
  return static_cast<std::uint8_t*>(memory);
}

}  // namespace

void wipe(void* data, std::size_t size) {
  if (size != 0) explicit_bzero(data, size);
}

SecretBytes::SecretBytes(std::size_t size) : data_(map_secret(size)), size_(size) {}

SecretBytes SecretBytes::copy_of(std::span<const std::uint8_t> bytes) {
  SecretBytes copy(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data_, bytes.data(), bytes.size());
  return copy;
}

SecretBytes SecretBytes::copy_of(std::string_view bytes) {
  SecretBytes copy(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data_, bytes.data(), bytes.size());
  return copy;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SecretBytes::~SecretBytes() {
  if (data_ == nullptr) return;
  const std::size_t mapped = mapped_size(size_ == 0 ? 1 : size_);
  wipe(data_, mapped);
  munmap(data_, mapped);
}

void SecretBytes::shrink(std::size_t size) {
  if (size > size_) throw std::logic_error("a secret cannot grow");
  const std::size_t before = mapped_size(size_ == 0 ? 1 : size_);
  const std::size_t after = mapped_size(size == 0 ? 1 : size);
  if (data_ == nullptr) return;
  wipe(data_ + size, size_ - size);
  if (after < before) munmap(data_ + after, before - after);
  size_ = size;
}

bool SecretBytes::operator==(const SecretBytes& other) const {
  return size_ == other.size_ && (size_ == 0 || CRYPTO_memcmp(data_, other.data_, size_) == 0);
}

}  // namespace leafseal
