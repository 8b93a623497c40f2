// Random text: each character of an alphabet equally likely, whatever the alphabet's size.
#include "base/random.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

namespace {

using namespace leafseal;

// Chi-squared over `samples` characters; its mean is the number of characters less one.
double chi_squared(const std::string& alphabet, std::size_t samples) {
  std::array<std::size_t, 256> counts{};
  const SecretBytes text = random_text(alphabet, samples);
  for (const std::uint8_t byte : text.bytes()) ++counts[byte];
  const double expected = static_cast<double>(samples) / static_cast<double>(alphabet.size());
  double sum = 0;
  std::size_t found = 0;
  for (const char c : alphabet) {
    const std::size_t count = counts[static_cast<unsigned char>(c)];
    found += count;
    const double off = static_cast<double>(count) - expected;
    sum += off * off / expected;
  }
  REQUIRE(found == samples);
  return sum;
}

}  // namespace

// Taking bytes modulo 200 would make 56 characters twice as likely: chi-squared near 40,000 instead of 199. Six
// standard deviations of chance stay far below the limit.
TEST_CASE("M3 random text favours no character") {
  for (const std::size_t size : {2U, 10U, 62U, 94U, 200U, 256U}) {
    std::string alphabet;
    for (std::size_t i = 0; i < size; ++i) alphabet.push_back(static_cast<char>(i));
    const double mean = static_cast<double>(size - 1);
    INFO("alphabet of " << size);
    CHECK(chi_squared(alphabet, 200'000) < mean + 6 * std::sqrt(2 * mean) + 40);
  }
}

TEST_CASE("M3 random text differs from call to call") {
  const SecretBytes first = random_text("0123456789", 64);
  CHECK(first.size() == 64);
  CHECK_FALSE(first == random_text("0123456789", 64));
  CHECK(random_text("ab", 0).empty());
}
