// Where age identities come from, and what is said when they do not: every case of testdata/age/identity_sources.json
// was run by the reference, and its key or its message is what is wanted here.
#include <nlohmann/json.hpp>

#include "age_surroundings.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string outcome(AgeSurroundings& s, const nlohmann::json& one) {
  for (const auto& file : one.at("files").items()) s.write(file.key(), file.value().get<std::string>());
  for (const auto& variable : one.at("env").items())
    s.set(variable.key(), replaced(variable.value().get<std::string>(), "@HOME@", s.directory));
  if (!one.value("home", true)) s.environment.variables.erase("HOME");
  const std::string result = s.unwrap("RCPT", one.at("enc").get<std::string>());
  if (result.starts_with("failed: ")) return replaced(result, s.directory, "@HOME@");
  std::string hex = "opened ";
  for (const char c : result) {
    hex.push_back("0123456789abcdef"[static_cast<unsigned char>(c) >> 4]);
    hex.push_back("0123456789abcdef"[static_cast<unsigned char>(c) & 15]);
  }
  return hex;
}

}  // namespace

TEST_CASE("age: identity sources give what they give the reference, in the same words") {
  const auto cases = nlohmann::json::parse(read_file(TESTDATA "/age/identity_sources.json"));
  for (const auto& one : cases) {
    AgeSurroundings s;
    INFO(one.at("name"));
    // `ours`: words of ours, for the reason that testdata/age/README.md gives.
    CHECK(outcome(s, one) == one.value("ours", one.at("want").get<std::string>()));
  }
  CHECK(cases.size() >= 40);
}

TEST_CASE("age: sources are read once for all recipients, commands run once for each") {
  AgeSurroundings s;
  const std::string key = s.write("key", identity_in(golden + "/keys/age/a6.txt") + "\n");
  s.set("SOPS_AGE_KEY_FILE", key);
  s.set("SOPS_AGE_KEY_CMD",
        "sh -c 'echo $SOPS_AGE_RECIPIENT >>" + s.directory + "/asked; cat " + s.directory + "/second'");
  s.set("SOPS_AGE_SSH_PRIVATE_KEY_CMD", "sh -c 'echo ssh >>" + s.directory + "/asked; exit 1'");
  s.write("second", identity_in(golden + "/keys/age/a1.txt") + "\n");
  AgeIdentities identities(s.environment);
  const std::string enc = golden_enc("to-age-env-key");
  CHECK(s.unwrap("RCPT", enc, identities).size() == 32);
  std::filesystem::remove(key);
  for (const char* recipient : {"RCPT", "OTHER", "RCPT", "OTHER"}) {
    CHECK(s.unwrap(recipient, enc, identities).size() == 32);
  }
  CHECK(read_file(s.directory + "/asked") == "ssh\nRCPT\nssh\nOTHER\n");
}

TEST_CASE("age: a private key file that others can read is warned of, once", "[F14]") {
  AgeSurroundings s;
  const std::string enc = golden_enc("to-age-env-key");
  const std::string text = read_file(golden + "/keys/age/a1.txt");
  for (const mode_t mode : {mode_t{0644}, mode_t{0640}, mode_t{0604}}) {
    s.messages.clear();
    s.set("SOPS_AGE_KEY_FILE", s.write("key", text, mode));
    AgeIdentities identities(s.environment);
    s.unwrap("RCPT", enc, identities);
    s.unwrap("RCPT", enc, identities);
    CHECK(s.messages == "leafseal: warning: private key file '" + s.directory +
                            "/key' can be read by other users; chmod 600 makes it private\n");
  }
  for (const mode_t mode : {mode_t{0600}, mode_t{0400}, mode_t{0622}}) {
    s.messages.clear();
    s.set("SOPS_AGE_KEY_FILE", s.write("key", text, mode));
    s.unwrap("RCPT", enc);
    CHECK(s.messages.empty());
  }
}

TEST_CASE("age: a post-quantum identity does not keep its neighbours from working") {
  AgeSurroundings s;
  const std::string hybrid = trimmed_line(read_file(TESTDATA "/age/hybrid_identity.txt"));
  s.set("SOPS_AGE_KEY_FILE", s.write("key", hybrid + "\n" + identity_in(golden + "/keys/age/a1.txt") + "\n"));
  CHECK(s.unwrap("RCPT", golden_enc("to-age-env-key")).size() == 32);
  CHECK(s.unwrap("RCPT", golden_enc("to-age-pq-and-age", 1))
            .find("post-quantum age keys (mlkem768x25519) are not supported by this build") != std::string::npos);
}

TEST_CASE("age: no message holds any part of an identity", "[L1]") {
  const std::string identity = identity_in(golden + "/keys/age/a1.txt");
  const std::string damaged[] = {
      identity + " " + identity, identity.substr(0, 50), identity + "1" + identity, "x" + identity,
      "AGE-PLUGIN-X-1" + identity.substr(17), "AGE-SECRET-KEY-PQ-1" + identity.substr(17), identity + "!",
      "age" + identity.substr(3)};
  for (const std::string& text : damaged) {
    AgeSurroundings s;
    s.set("SOPS_AGE_KEY_FILE", s.write("key", text + "\n"));
    const std::string reason = s.unwrap("RCPT", golden_enc("to-age-env-key"));
    CHECK(reason.starts_with("failed: "));
    CHECK(reason.find(identity.substr(17, 8)) == std::string::npos);
    CHECK(reason.find(identity.substr(40, 8)) == std::string::npos);
    CHECK(s.messages.empty());
  }
}
