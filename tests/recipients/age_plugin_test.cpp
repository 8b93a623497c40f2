// The plugin protocol against tests/support/age-plugin-lftest, which works or fails as the first byte of its key says.
#include "age_surroundings.hpp"
#include "recipients/age_bech32.hpp"
#include "recipients/age_plugin.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

const std::string data_key = "0123456789abcdef0123456789abcdef";
const std::string support = std::filesystem::path(TESTDATA).parent_path() / "tests/support";

std::string keyed(const char* prefix, std::uint8_t mode) {
  const std::uint8_t bytes[] = {mode, 7, 1, 200};
  return age::encode_bech32(prefix, bytes);
}
std::string recipient(std::uint8_t mode) { return keyed("age1lftest", mode); }
std::string identity(std::uint8_t mode) { return keyed("AGE-PLUGIN-LFTEST-", mode); }

struct WithPlugin : AgeSurroundings {
  WithPlugin() { set("PATH", support + ":" + environment.variables["PATH"]); }
  std::string unwrap_with(std::uint8_t mode) {
    set("SOPS_AGE_KEY", identity(mode));
    const std::string enc = wrap(recipient(0), data_key);
    return unwrap(recipient(0), enc);
  }
  std::string refusal(std::uint8_t mode) {
    try {
      wrap(recipient(mode), data_key);
    } catch (const Error& error) {
      return error.what();
    }
    return "wrapped";
  }
};

}  // namespace

TEST_CASE("age: a plugin wraps and unwraps") {
  WithPlugin s;
  CHECK(s.unwrap_with(0) == data_key);
  CHECK(s.unwrap_with(6) == data_key);
  s.set("SOPS_AGE_KEY", identity_in(golden + "/keys/age/a6.txt") + " " + identity(0));
  CHECK(s.unwrap(recipient(0), s.wrap(recipient(0), data_key)) == data_key);
  s.set("SOPS_AGE_KEY", identity(0));
  CHECK(s.unwrap("RCPT", golden_enc("to-age-env-key")).find("did not match") != std::string::npos);
}

TEST_CASE("age: Debian's age and this program agree about the plugin", "[peer:age]") {
  WithPlugin s;
  if (!s.has("age")) return;
  const std::string key = s.write("key", identity(0) + "\n");
  CHECK(s.run({"age", "-d", "-i", key}, s.wrap(recipient(0), data_key)) == data_key);
  s.set("SOPS_AGE_KEY_FILE", key);
  CHECK(s.unwrap(recipient(0), s.run({"age", "-a", "-r", recipient(0)}, data_key)) == data_key);
}

TEST_CASE("age: a plugin that fails is an error in its own words", "[L4]") {
  struct Row {
    std::uint8_t mode;
    std::string wrapping, unwrapping;
  };
  const Row rows[] = {
      {1, "the token is \\x1b[31mnot here", "the token is \\x1b[31mnot here"},
      {3, "malformed stanza opening line: \"no stanza at all\"", "malformed stanza opening line: \"no stanza at all\""},
      {5, "received zero recipient stanzas", ""},
      {7, "", "received duplicated file-key stanza"},
      {8, "malformed recipient stanza: unexpected index", "malformed file-key stanza: unexpected index"},
  };
  WithPlugin s;
  for (const Row& row : rows) {
    INFO(static_cast<int>(row.mode));
    if (!row.wrapping.empty())
      CHECK(s.refusal(row.mode) ==
            "failed to create writer for encrypting sops data key with age: lftest plugin: " + row.wrapping);
    if (!row.unwrapping.empty())
      CHECK(s.unwrap_with(row.mode)
                .starts_with("failed: failed to create reader for decrypting sops data key with age: lftest plugin: " +
                             row.unwrapping + ". Did not find"));
  }
  CHECK(s.unwrap_with(5).find("identity did not match any of the recipients") != std::string::npos);
  CHECK_THAT(s.refusal(4), Catch::Contains("lftest plugin: ") && (Catch::Contains("EOF") || Catch::Contains("pipe")));
}

TEST_CASE("age: a plugin that fails does not hide an identity that fits") {
  WithPlugin s;
  s.set("SOPS_AGE_KEY", identity(1) + " " + identity(0));
  CHECK(s.unwrap(recipient(0), s.wrap(recipient(0), data_key)) == data_key);
}

TEST_CASE("age: what a plugin asks is asked on the terminal, and a refusal told") {
  WithPlugin s;
  s.answers = {"1234", "me", "x", "2"};
  CHECK(s.refusal(2).ends_with("lftest plugin: ok:|ok:1234|ok:me|ok no:"));
  CHECK(s.questions == std::vector<std::string>{"PIN? ", "Name? ", "Sure? (enter 1 for \"Yes\" or 2 for \"No\") ",
                                                "Sure? (enter 1 for \"Yes\" or 2 for \"No\") "});
  CHECK(s.messages == "leafseal: lftest plugin: insert the token\n");
  CHECK(s.refusal(2).ends_with("lftest plugin: ok:|fail:|fail:|fail:"));
}

TEST_CASE("age: a plugin's name is checked before it becomes a program's", "[C7]") {
  WithPlugin s;
  const std::uint8_t byte[] = {0};
  for (const std::string name : {"x/../../lftest", "../lftest", "a b", "a\x7f", "a$b", "a;b", "a\\b"}) {
    INFO(name);
    CHECK_THROWS_AS(s.wrap(age::encode_bech32("age1" + name, byte), data_key), Error);
    s.set("SOPS_AGE_KEY_FILE", s.write("key", age::encode_bech32("AGE-PLUGIN-" + name + "-", byte) + "\n"));
    CHECK_THAT(s.unwrap("RCPT", golden_enc("to-age-env-key")), Catch::Contains("Errors while loading age identities"));
  }
  CHECK_THROWS_WITH(s.wrap(age::encode_bech32("age1x/y", byte), data_key),
                    "failed to parse input as age key from age plugin: invalid plugin name: \"x/y\"");
}

TEST_CASE("age: a plugin is not taken from the working directory", "[C7]") {
  AgeSurroundings s;
  s.write("age-plugin-lftest", read_file(support + "/age-plugin-lftest"), 0700);
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(s.directory);
  for (const char* path : {".", "", ".:/nonexistent"}) {
    s.set("PATH", path);
    CHECK_THROWS_WITH(s.wrap(recipient(0), data_key), Catch::Contains("\"lftest\" plugin not found"));
  }
  std::filesystem::current_path(before);
}
