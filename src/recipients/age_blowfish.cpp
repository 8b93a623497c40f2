#include "recipients/age_blowfish.hpp"

#include <utility>

#include "leafseal/secret.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t subkeys = 18;
constexpr std::size_t rounds = 16;
constexpr std::size_t box = 256;

// Big-endian words from bytes that repeat without end.
class Cycle {
 public:
  explicit Cycle(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint32_t next() {
    std::uint32_t word = 0;
    for (int i = 0; i < 4 && !bytes_.empty(); ++i) {
      word = word << 8 | bytes_[at_];
      at_ = at_ + 1 == bytes_.size() ? 0 : at_ + 1;
    }
    return word;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Blowfish::~Blowfish() { wipe(state_.data(), sizeof state_); }

std::uint32_t Blowfish::mix(std::uint32_t x) const {
  const std::uint32_t* const boxes = state_.data() + subkeys;
  const std::uint32_t upper = boxes[x >> 24] + boxes[box + (x >> 16 & 255)];
  return (upper ^ boxes[2 * box + (x >> 8 & 255)]) + boxes[3 * box + (x & 255)];
}

void Blowfish::encrypt(std::uint32_t& left, std::uint32_t& right) const {
  for (std::size_t round = 0; round < rounds; round += 2) {
    left ^= state_[round];
    right ^= mix(left) ^ state_[round + 1];
    left ^= mix(right);
  }
  left ^= state_[rounds];
  right ^= state_[rounds + 1];
  std::swap(left, right);
}

void Blowfish::expand(std::span<const std::uint8_t> salt, std::span<const std::uint8_t> key) {
  Cycle key_words(key);
  for (std::size_t i = 0; i < subkeys; ++i) state_[i] ^= key_words.next();
  Cycle salt_words(salt);
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  for (std::size_t i = 0; i < state_.size(); i += 2) {
    left ^= salt_words.next();
    right ^= salt_words.next();
    encrypt(left, right);
    state_[i] = left;
    state_[i + 1] = right;
  }
}

}  // namespace leafseal::age
