// Blowfish with the salted key schedule that bcrypt needs and OpenSSL does not offer. Used for nothing else: it is an
// old cipher, kept alive by the passphrases of ssh keys.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace leafseal::age {

inline constexpr std::size_t blowfish_words = 18 + 4 * 256;
extern const std::array<std::uint32_t, blowfish_words> blowfish_pi;

class Blowfish {
 public:
  Blowfish() : state_(blowfish_pi) {}
  ~Blowfish();
  Blowfish(const Blowfish&) = delete;
  Blowfish& operator=(const Blowfish&) = delete;

  // Mixes a key, and a salt where it is not empty, into the state. Both are read over and over.
  void expand(std::span<const std::uint8_t> salt, std::span<const std::uint8_t> key);
  void encrypt(std::uint32_t& left, std::uint32_t& right) const;

 private:
  std::uint32_t mix(std::uint32_t x) const;

  std::array<std::uint32_t, blowfish_words> state_;  // subkeys, then S-boxes
};

}  // namespace leafseal::age
