// json_equals: what counts as the same value, and what must not.
#include "net/json_equality.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "net/crc32.hpp"

namespace leafseal {
namespace {

bool same(const std::string& a, const std::string& b) { return json_equals("{\"x\":" + a + "}", {"x"}, b); }

TEST_CASE("numbers are equal when they are worth the same") {
  for (const auto& [a, b] : {std::pair("1", "1.0"),
                             {"1.50", "1.5"},
                             {"15e-1", "1.5"},
                             {"1E3", "1000"},
                             {"0", "-0.0"},
                             {"0.001", "1e-3"},
                             {"-12.5", "-125e-1"},
                             {"100", "1e+2"},
                             {"0e99", "0"},
                             {"12345678901234567890123", "12345678901234567890123.0"}}) {
    INFO(a << " and " << b);
    CHECK(same(a, b));
    CHECK(same(b, a));
  }
  for (const auto& [a, b] : {std::pair("1", "2"),
                             {"1", "-1"},
                             {"1", "10"},
                             {"0.1", "0.01"},
                             {"1", "\"1\""},
                             {"1", "true"},
                             {"12345678901234567890123", "12345678901234567890124"},
                             {"0.30000000000000004", "0.3"},
                             {"9007199254740993", "9007199254740992"},
                             {"1e99999999999999999999", "1"},
                             {"0", "null"}}) {
    INFO(a << " and " << b);
    CHECK_FALSE(same(a, b));
    CHECK_FALSE(same(b, a));
  }
}

TEST_CASE("structures are equal whatever the order of keys") {
  CHECK(same(R"({"a":1,"b":[1,"n",null]})", R"({"b":[1.0,"n",null],"a":1})"));
  CHECK_FALSE(same("[1,2]", "[2,1]"));
  CHECK_FALSE(same("{}", "[]"));
  CHECK_FALSE(same(R"({"a":1})", R"({"a":1,"b":null})"));
  CHECK_FALSE(same(R"("n1e1")", "1"));  // a text that looks like the inside of a number
  CHECK(same(R"("\u00fc")", "\"ü\""));
}

TEST_CASE("what is not there, no JSON or too deep is equal to nothing") {
  CHECK_FALSE(json_equals("{}", {"x"}, "null"));
  CHECK_FALSE(json_equals(R"({"data":null})", {"data", "data"}, "null"));
  CHECK_FALSE(json_equals(R"({"data":[1]})", {"data", "0"}, "1"));
  CHECK_FALSE(json_equals("no json", {}, "no json"));
  CHECK_FALSE(json_equals("{\"x\":\"\xff\"}", {"x"}, "\"\xff\""));
  CHECK_FALSE(same("1e400", "1e400"));  // beyond what the reader takes
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(same(nested(400), nested(400)));
  CHECK_FALSE(same(nested(100'000), nested(100'000)));
}

TEST_CASE("sums are those of the standards") {  // RFC 3720 B.4; the catalogue's check value of CRC-32
  CHECK(crc32_base64("123456789", crc32_ieee) == "y/Q5Jg==");
  CHECK(crc32_base64("123456789", crc32_castagnoli) == "4waSgw==");
  CHECK(crc32_base64(std::string(32, '\0'), crc32_castagnoli) == "ipE2qg==");
  CHECK(crc32_base64("", crc32_ieee) == "AAAAAA==");
}

}  // namespace
}  // namespace leafseal
