// Age files, recipients and keys made to harm: each ends in an error, soon, and without a crash (security.md 7).
#include <chrono>

#include "age_surroundings.hpp"
#include "recipients/age_armor.hpp"
#include "recipients/age_bech32.hpp"
#include "recipients/age_header.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

const std::string a1 = "age13pk5gaa7f0tchpugk76h4mug0nyd8ds6awgdah6sllr4k9eymvvqdn9u8a";
const std::string intro = "age-encryption.org/v1\n";
const std::string closing = "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" + std::string(48, 'x');

struct WithKey : AgeSurroundings {
  WithKey() { set("SOPS_AGE_KEY", identity_in(golden + "/keys/age/a1.txt")); }
  std::string open(const std::string& file) { return unwrap("RCPT", age::add_armor(file)); }
};

}  // namespace

TEST_CASE("age: headers made to harm end in an error", "[P5][P6]") {
  std::string wide = intro + "->";
  for (int i = 0; i < 100'000; ++i) wide += " x";
  const std::string none = "identity did not match";
  const std::pair<std::string, std::string> rows[] = {
      {"", "file is empty"},
      {intro, "unexpected end of the header"},
      {intro + closing, none},
      {wide + "\n\n" + closing, none},
      {intro + "-> X25519\n\n" + closing, "invalid X25519 recipient block"},
      {intro + "-> X25519 AAAA\n\n" + closing, "failed to parse X25519 recipient"},
      {intro + "-> \n\n" + closing, "malformed stanza"},
      {intro + "->  X25519\n\n" + closing, "malformed stanza"},
      {intro + "-> X25519 \n\n" + closing, "malformed stanza"},
      {intro + "-> x\r\n\n" + closing, "malformed stanza"},
      {intro + std::string("-> x\0y\n\n", 8) + closing, "malformed stanza"},
      {intro + "-> x \x1b[31m\n\n" + closing, "malformed stanza opening line: \"-> x \\x1b[31m\""},
      {intro + "-> x\nAB\n" + closing, "malformed body line"},
      {intro + "-> x\nAA==\n" + closing, "malformed body line"},
      {intro + "-> x\n" + std::string(68, 'A') + "\n\n" + closing, "malformed body line"},
      {intro + "-> x\n\n---\n", "malformed closing line"},
      {intro + "-> x\n\n--- AAAA\n", "malformed closing line"},
      {intro + "-> x\n\n---  " + closing.substr(4), "malformed closing line"},
      // The stanza is of 2^1000 in cost; the identities here have no passphrase to spend on it.
      {intro + "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 1000\n" + std::string(43, 'A') + "\n" + closing, none},
  };
  for (const auto& [file, reason] : rows) {
    WithKey s;
    INFO(file.substr(0, 100));
    const std::string result = s.open(file);
    CHECK(result.starts_with("failed: "));
    CHECK_THAT(result, Catch::Contains(reason));
  }
}

TEST_CASE("age: ten thousand stanzas are read in linear time", "[P3]") {
  WithKey s;
  std::string many = intro;
  for (int i = 0; i < 10'000; ++i) many += "-> lftest argument argument\nEmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U\n";
  const auto begin = std::chrono::steady_clock::now();
  CHECK(age::parse_header(many + closing).stanzas.size() == 10'000);
  CHECK(s.open(many + closing).find("identity did not match") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}

TEST_CASE("age: every flipped byte of a wrapped key is noticed, and every cut", "[P6]") {
  WithKey s;
  AgeIdentities identities(s.environment);
  const std::string file = age::remove_armor(s.wrap(a1, "0123456789abcdef0123456789abcdef"));
  int opened = 0;
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string flipped = file;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    opened += s.unwrap("RCPT", age::add_armor(flipped), identities).starts_with("failed: ") ? 0 : 1;
    opened += s.unwrap("RCPT", age::add_armor(file.substr(0, at)), identities).starts_with("failed: ") ? 0 : 1;
  }
  CHECK(opened == 0);
}

TEST_CASE("age: points of low order are refused on both sides") {
  // The points of small order of Curve25519, as RFC 7748 and every library's list has them.
  const std::string low[] = {
      std::string(32, '\0'), "\x01" + std::string(31, '\0'),
      "\xe0\xeb\x7a\x7c\x3b\x41\xb8\xae\x16\x56\xe3\xfa\xf1\x9f\xc4\x6a\xda\x09\x8d\xeb\x9c\x32\xb1\xfd\x86\x62\x05\x16"
      "\x5f\x49\xb8" + std::string(1, '\0')};
  for (const std::string& point : low) {
    WithKey s;
    const std::string recipient = age::encode_bech32("age", age::bytes_of(point));
    CHECK_THROWS_WITH(s.wrap(recipient, "key"), Catch::Contains("low order"));
  }
}

TEST_CASE("age: Bech32 is strict") {
  struct Row {
    std::string text;
    std::string reason;
  };
  const Row rows[] = {
      {"", "separator '1' at invalid position"},
      {"1qqqqqqq", "separator '1' at invalid position"},
      {"age1qqqqq", "separator '1' at invalid position"},
      {"a1lqfn3b", "invalid character in the data part at 7"},
      {"A12UEL5l", "mixed case"},
      {"\x80" "1eym55h", "invalid character in the human-readable part"},
      {a1.substr(0, 20) + "q" + a1.substr(21), "invalid checksum"},
      {a1 + "\n", "invalid character in the data part at 62"},
  };
  for (const Row& row : rows) {
    std::string reason;
    CHECK_FALSE(age::decode_bech32(row.text, &reason));
    CHECK(reason == row.reason);
  }
  // BIP 173's valid texts, whole bytes or not.
  for (const std::string text : {"A12UEL5L", "a12uel5l",
                                 "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharacters"
                                 "bio1tt5tgs",
                                 "?1ezyfcl"})
    CHECK(age::decode_bech32(text));
  for (const std::string text : {"split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w"}) {
    const auto decoded = age::decode_bech32(text);
    REQUIRE(decoded);
    CHECK(age::encode_bech32(decoded->prefix, age::bytes_of(decoded->data)) == text);
  }
}
