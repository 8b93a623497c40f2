// The canonical texts of values against those that the reference sealed (testdata/vectors), and against what the C
// library reads back.
#include "leafseal/value.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "support/vectors.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

std::string canonical(ScalarType type, const std::string& text) {
  const auto value = canonical_value(type, text);
  return value ? value->text : "none";
}

}  // namespace

TEST_CASE("the reference's canonical texts stay as they are", "[value]") {
  std::size_t floats = 0, times = 0;
  for (const auto& vector : vectors().at("encrypt_decrypt")) {
    const std::string type = vector.at("type"), text = from_hex(vector.at("plaintext_bytes_hex"));
    INFO(vector.at("name").get<std::string>());
    if (type == "float") {
      CHECK(canonical(ScalarType::floating, text) == text);
      ++floats;
    } else if (type == "time") {
      CHECK(canonical(ScalarType::time, text) == text);
      ++times;
    } else if (type == "int") {
      CHECK(canonical(ScalarType::integer, text) == text);
    } else if (type == "bool") {
      CHECK(canonical(ScalarType::boolean, text) == text);
    }
  }
  CHECK(floats >= 15);
  CHECK(times >= 3);
}

TEST_CASE("floats have all their digits and no exponent", "[value]") {
  CHECK(canonical_float(100) == "100");
  CHECK(canonical_float(1e21) == "1000000000000000000000");
  CHECK(canonical_float(-2.5e3) == "-2500");
  CHECK(canonical_float(1e-7) == "0.0000001");
  CHECK(canonical_float(123456.789) == "123456.789");
  CHECK(canonical_float(-0.0) == "-0");
  CHECK(canonical_float(9007199254740993.0) == "9007199254740992");
  CHECK(canonical_float(std::numeric_limits<double>::max()) == "17976931348623157" + std::string(292, '0'));
  CHECK(canonical_float(std::numeric_limits<double>::denorm_min()) == "0." + std::string(323, '0') + "5");
  CHECK(canonical_float(std::numeric_limits<double>::infinity()) == "+Inf");
  CHECK(canonical_float(-std::numeric_limits<double>::infinity()) == "-Inf");
  CHECK(canonical_float(std::numeric_limits<double>::quiet_NaN()) == "NaN");

  std::mt19937_64 random(20261125);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (value != value || value - value != 0) continue;
    const std::string text = canonical_float(value);
    INFO(text);
    REQUIRE(std::strtod(text.c_str(), nullptr) == value);
    REQUIRE(parse_float(text) == value);
    REQUIRE(text.find_first_not_of("-.0123456789") == std::string::npos);
  }
}
