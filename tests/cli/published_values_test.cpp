// What of a document comes to a key-value engine.
#include "cli/published_values.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "leafseal/error.hpp"
#include "leafseal/format.hpp"

namespace leafseal::cli {
namespace {

std::string values(FormatId format, const std::string& text) {
  return published_values(format_by_id(format).parse(text, ParseMode::sealed));
}

std::string yaml(const std::string& text) { return values(FormatId::yaml, text); }

TEST_CASE("keys are sorted, types kept, comments left out") {
  CHECK(yaml("#c\nb: 1.50\na: yes\nz: null\nd: [1, two, true] # c\nc: {y: 0x10, x: '1'}\n") ==
        R"({"a":"yes","b":1.5,"c":{"x":"1","y":16},"d":[1,"two",true],"z":null})");
  CHECK(yaml("l:\n  # c\n  - x: 1\n    # c\n    b: [{c: 2}]\n  - []\n") == R"({"l":[{"b":[{"c":2}],"x":1},[]]})");
  CHECK(yaml("a: 2020-01-01T00:00:00Z\nb: <&>\n\"\\u2028\": 1e30\n") ==
        R"({"a":"2020-01-01T00:00:00Z","b":"\u003c\u0026\u003e","\u2028":1e+30})");
  CHECK(values(FormatId::dotenv, "#c\nB=2\nA=one two\n") == R"({"A":"one two","B":"2"})");
  CHECK(values(FormatId::ini, "; c\ntop = 1\n[s]\nk = v\n") == R"({"DEFAULT":{"top":"1"},"s":{"k":"v"}})");
  CHECK(values(FormatId::json, "{}") == "{}");
}

TEST_CASE("of documents and of keys that stand twice the last one counts") {
  CHECK(yaml("a: 1\nb: x\n---\nb: y\nc: {d: 1}\n---\nc: 2\n") == R"({"a":1,"b":"y","c":2})");
  CHECK(values(FormatId::json, R"({"a":1,"m":{"k":1,"k":2},"a":3})") == R"({"a":3,"m":{"k":2}})");
}

TEST_CASE("aliases are written out") {
  CHECK(yaml("a: &x {k: [1]}\nb: *x\nc: [*x]\n") == R"({"a":{"k":[1]},"b":{"k":[1]},"c":[{"k":[1]}]})");
}

TEST_CASE("deep documents need no deep stack, and what JSON cannot hold is refused") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(values(FormatId::json, "{\"a\":" + nested(9'000) + "}") == "{\"a\":" + nested(9'000) + "}");
  CHECK_THROWS_AS(yaml("a: .inf\n"), Error);
}

TEST_CASE("what is published reads as JSON, whatever bytes stand in it") {
  std::string every;
  for (int byte = 1; byte < 256; ++byte) every += static_cast<char>(byte);
  const Document plain = format_by_id(FormatId::binary).parse(every, ParseMode::plain);
  const std::string text = published_values(plain);
  CHECK(nlohmann::json::parse(text).at("data").is_string());
}

}  // namespace
}  // namespace leafseal::cli
