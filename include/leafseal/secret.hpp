// SecretBytes holds what must not outlive its use or leave the process: data keys, shares of them, private keys,
// passphrases. The memory is its own mapping, locked and kept out of core dumps where the system allows it, and wiped
// on release. It moves but does not copy, compares in constant time, and has no way to be printed (security.md M1, M3).
//
// Plaintext of documents lives in ordinary strings: base/wiping_heap.cpp wipes every heap block when it is freed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace leafseal {

class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size);  // zero-filled
  static SecretBytes copy_of(std::span<const std::uint8_t> bytes);
  static SecretBytes copy_of(std::string_view bytes);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  std::uint8_t* data() { return data_; }
  const std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::span<const std::uint8_t> bytes() const { return {data_, size_}; }
  std::span<std::uint8_t> bytes() { return {data_, size_}; }
  std::string_view view() const { return {reinterpret_cast<const char*>(data_), size_}; }
  void shrink(std::size_t size);  // wipes what falls off; size must not exceed the present one
  SecretBytes clone() const { return copy_of(bytes()); }

  bool operator==(const SecretBytes& other) const;  // constant time for equal sizes

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Overwrites memory in a way that the compiler may not leave out.
void wipe(void* data, std::size_t size);

}  // namespace leafseal
