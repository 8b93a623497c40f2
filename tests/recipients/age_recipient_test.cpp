// age recipients against golden files and against Debian's age, in both directions.
#include "recipients/age_recipient.hpp"

#include "age_surroundings.hpp"
#include "leafseal/error.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

const std::string a1 = "age13pk5gaa7f0tchpugk76h4mug0nyd8ds6awgdah6sllr4k9eymvvqdn9u8a";
const std::string data_key = "0123456789abcdef0123456789abcdef";

}  // namespace

TEST_CASE("age: what the reference wrapped opens with the golden identity") {
  AgeSurroundings s;
  s.set("SOPS_AGE_KEY_FILE", golden + "/keys/age/a1.txt");
  CHECK(s.unwrap(a1, golden_enc("to-age-env-key")).size() == 32);
}

TEST_CASE("age: a wrapped key opens again, and only with its identity") {
  AgeSurroundings s;
  s.set("SOPS_AGE_KEY", identity_in(golden + "/keys/age/a1.txt"));
  const std::string enc = s.wrap(a1, data_key);
  CHECK(enc.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"));
  CHECK(enc.ends_with("-----END AGE ENCRYPTED FILE-----\n"));
  CHECK(s.unwrap(a1, enc) == data_key);
  CHECK(s.wrap(a1, data_key) != enc);
  s.set("SOPS_AGE_KEY", identity_in(golden + "/keys/age/a6.txt"));
  CHECK(s.unwrap(a1, enc).starts_with(
      "failed: failed to create reader for decrypting sops data key with age: identity did not match any of the "
      "recipients: incorrect identity for recipient block. Did not find keys in locations "
      "'SOPS_AGE_SSH_PRIVATE_KEY_FILE', "));
}

TEST_CASE("age: Debian's age opens what was wrapped here, and the reverse", "[peer:age]") {
  AgeSurroundings s;
  if (!s.has("age") || !s.has("age-keygen")) return;
  const std::string keys = s.write("keys.txt", s.run({"age-keygen"}));
  const std::string recipient = trimmed_line(s.run({"age-keygen", "-y", keys}));
  CHECK(s.run({"age", "-d", "-i", keys}, s.wrap(recipient, data_key)) == data_key);
  s.set("SOPS_AGE_KEY_FILE", keys);
  CHECK(s.unwrap(recipient, s.run({"age", "-a", "-r", recipient}, data_key)) == data_key);
}

TEST_CASE("age: recipients that are none are refused with the reference's phrase") {
  AgeSurroundings s;
  struct Row {
    std::string recipient;
    std::string message;
  };
  const Row rows[] = {
      {"bad", "failed to parse input, unknown recipient type: \"bad\""},
      {"", "failed to parse input, unknown recipient type: \"\""},
      {"x\x1b[31m", "failed to parse input, unknown recipient type: \"x\\x1b[31m\""},
      {"age1qqqq", "failed to parse input as Bech32-encoded age public key: malformed recipient \"age1qqqq\": "
                   "separator '1' at invalid position"},
      {a1.substr(0, 61) + "q", "failed to parse input as Bech32-encoded age public key: malformed recipient \"" +
                                   a1.substr(0, 61) + "q\": invalid checksum"},
      {"age1pq1qqqqqqqqqqqqq", "failed to parse input as Bech32-encoded age public key: malformed recipient "
                               "\"age1pq1qqqqqqqqqqqqq\": invalid checksum"},
  };
  for (const Row& row : rows) CHECK_THROWS_WITH(s.wrap(row.recipient, data_key), row.message);
  CHECK_NOTHROW(s.wrap("  " + a1 + "\n", data_key));
}
