// The value cipher against what the reference sealed, opened and refused (testdata/vectors).
#include <catch2/catch.hpp>
#include <set>

#include "leafseal/error.hpp"
#include "leafseal/leaf_cipher.hpp"
#include "leafseal/value.hpp"
#include "seal/open_leaf.hpp"
#include "support/vectors.hpp"

using namespace leafseal;
using test::vectors;

namespace {

const std::string& text(const nlohmann::json& vector, const char* member) {
  return vector.at(member).get_ref<const std::string&>();
}

}  // namespace

TEST_CASE("the reference's tokens open to its plaintexts [M4]", "[leaf_cipher]") {
  for (const auto& v : vectors().at("encrypt_decrypt")) {
    INFO(text(v, "name"));
    if (text(v, "enc").empty()) continue;  // an empty string is never sealed
    LeafCipher cipher(test::key_of(v, "key_hex"));
    const auto token = parse_token(text(v, "enc"));
    REQUIRE(token);
    std::string plain;
    OpenFailure failure;
    REQUIRE(cipher.open(*token, text(v, "aad"), plain, failure));
    CHECK(plain == test::from_hex(text(v, "plaintext_bytes_hex")));
    CHECK(token->type_name == text(v, "type"));
  }
}

TEST_CASE("what is sealed opens again, with a new nonce each time [M3]", "[leaf_cipher]") {
  LeafCipher cipher(SecretBytes(32));
  std::set<std::string> nonces;
  for (const auto& v : vectors().at("encrypt_decrypt")) {
    const std::string plain = test::from_hex(text(v, "plaintext_bytes_hex"));
    if (plain.empty()) continue;
    const TokenType type = parse_token(text(v, "enc"))->type;
    for (int round = 0; round < 20; ++round) {
      const std::string sealed = cipher.seal(plain, "a:", type);
      const auto token = parse_token(sealed);
      REQUIRE(token);
      CHECK(sealed.size() == token_length(plain.size(), type));
      CHECK(nonces.emplace(token->iv).second);
      std::string opened;
      OpenFailure failure;
      REQUIRE(cipher.open(*token, "a:", opened, failure));
      CHECK(opened == plain);
      CHECK_FALSE(cipher.open(*token, "b:", opened, failure));
      CHECK(opened.empty());
    }
  }
}

TEST_CASE("odd tokens that the reference accepts", "[leaf_cipher]") {
  for (const auto& v : vectors().at("decrypt_accepts")) {
    INFO(text(v, "name"));
    if (text(v, "enc").empty()) continue;
    LeafCipher cipher(test::key_of(v, "key_hex"));
    const std::string expected = test::from_hex(text(v, "decrypted_bytes_hex"));
    if (text(v, "decoded_as") == "comment") {
      CHECK(open_comment(cipher, text(v, "enc"), text(v, "aad")) == expected);
      continue;
    }
    OpenFailure failure;
    const auto value = open_leaf(cipher, text(v, "enc"), text(v, "aad"), failure);
    REQUIRE(value);
    CHECK(value->text == expected);
  }
}

TEST_CASE("tokens that the reference refuses, and no plaintext in the reason [L1] [I3] [I14]", "[leaf_cipher]") {
  for (const auto& v : vectors().at("decrypt_rejects")) {
    INFO(text(v, "name"));
    LeafCipher cipher(test::key_of(v, "key_hex"));
    OpenFailure failure;
    const auto value = open_leaf(cipher, text(v, "enc"), text(v, "aad"), failure);
    CHECK_FALSE(value);
    CHECK_FALSE(failure.reason.empty());
    CHECK(failure.reason.find("hello") == std::string::npos);
    const std::string reference = text(v, "reference_error");
    for (const char* phrase : {"Error base64-decoding", "Could not decrypt with AES_GCM", "Unknown datatype"}) {
      if (reference.starts_with(phrase)) CHECK(failure.reason == reference);
    }
  }
}

TEST_CASE("a comment in the place of a value is an error [I2]", "[leaf_cipher]") {
  LeafCipher cipher(SecretBytes(32));
  OpenFailure failure;
  CHECK_FALSE(open_leaf(cipher, cipher.seal("x", "a:", TokenType::comment), "a:", failure));
  CHECK(failure.reason == "a comment stands in the place of a value");
}

TEST_CASE("a data key of the wrong size is refused", "[leaf_cipher]") {
  CHECK_THROWS_AS(LeafCipher(SecretBytes(16)), Error);
}
