// Dice: the random choices of generated test documents. The same seed gives the same documents everywhere (the standard
// distributions do not promise that, so none is used).
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace leafseal::test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  std::size_t between(std::size_t low, std::size_t high) { return low + below(high - low + 1); }
  bool percent(std::size_t chance) { return below(100) < chance; }
  std::string_view pick(std::initializer_list<std::string_view> list) { return list.begin()[below(list.size())]; }
  std::string_view pick(const std::vector<std::string_view>& list) { return list[below(list.size())]; }

 private:
  std::mt19937_64 engine_;
};

// One document and what stands in it. `plain`: nothing in it needs a layout record.
struct Generated {
  std::string text;
  std::vector<std::string> features;  // each at most once
  bool plain = false;

  void mark(std::string_view feature) {
    for (const std::string& known : features) {
      if (known == feature) return;
    }
    features.emplace_back(feature);
  }
};

}  // namespace leafseal::test
