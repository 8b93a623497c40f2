// Base64: the test vectors of RFC 4648, and what a strict decoder refuses [P6].
#include <catch2/catch.hpp>

#include "base/base64.hpp"

using namespace leafseal;

TEST_CASE("RFC 4648's vectors, both ways", "[base64]") {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    CHECK(base64::encode(plain) == text);
    std::string decoded;
    CHECK_FALSE(base64::decode(text, decoded));
    CHECK(decoded == plain);
  }
}

TEST_CASE("every byte value goes through both padding rules", "[base64]") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    for (const auto padding : {base64::Padding::required, base64::Padding::forbidden}) {
      std::string decoded;
      CHECK_FALSE(base64::decode(base64::encode(bytes.substr(0, length), padding), decoded, padding));
      CHECK(decoded == bytes.substr(0, length));
    }
  }
}

TEST_CASE("what is not canonical is refused at its place [P6]", "[base64]") {
  const std::pair<const char*, std::size_t> wrong[] = {
      {"Zg", 0},     {"Zm9vY", 4},   {"Zm9v\n", 4}, {"Zm 9vYmFy", 2}, {"Zh==", 1}, {"Zm9=", 2},
      {"Zm9vZ===", 5}, {"====", 0}, {"Zm9-", 3},  {"Zm9_", 3},      {"=m9v", 0}, {"\xffm9v", 0}};
  for (const auto& [text, place] : wrong) {
    INFO(text);
    std::string decoded = "kept";
    const auto at = base64::decode(text, decoded);
    REQUIRE(at);
    CHECK(*at == place);
    CHECK(decoded == "kept");
  }
}
