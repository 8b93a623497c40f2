#include <catch2/catch.hpp>

#include "leafseal/leaf_cipher.hpp"
#include "leafseal/mac.hpp"
#include "support/vectors.hpp"

using namespace leafseal;
using test::vectors;

TEST_CASE("the digest over the reference's leaves, and its sealed form", "[mac]") {
  for (const auto& v : vectors().at("mac")) {
    INFO(v.at("name").get<std::string>());
    Mac mac(v.at("mac_only_encrypted").get<bool>());
    for (const auto& leaf : v.at("hashed_values")) mac.add(leaf.get<std::string>());
    const std::string digest = mac.digest();
    CHECK(digest == v.at("digest_hex_upper").get<std::string>());

    LeafCipher cipher(test::key_of(v, "key_hex"));
    const auto token = parse_token(v.at("mac_enc").get_ref<const std::string&>());
    REQUIRE(token);
    std::string stored;
    OpenFailure failure;
    REQUIRE(cipher.open(*token, v.at("lastmodified").get<std::string>(), stored, failure));
    CHECK(same_digest(stored, digest));
  }
}

TEST_CASE("one long text and many short ones hash alike", "[mac]") {
  Mac whole(false), pieces(false);
  const std::string text(100'000, 'x');
  whole.add(text);
  for (std::size_t at = 0; at < text.size(); at += 7) pieces.add(std::string_view(text).substr(at, 7));
  CHECK(whole.digest() == pieces.digest());
}
