// ssh keys as age keys: golden files, Debian's age and ssh-keygen as the other side.
#include "age_surroundings.hpp"
#include "leafseal/error.hpp"
#include "recipients/age_bcrypt_pbkdf.hpp"
#include "recipients/age_primitives.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

const std::string data_key = "0123456789abcdef0123456789abcdef";

std::string public_line(const std::string& key_path) { return trimmed_line(read_file(key_path + ".pub")); }

}  // namespace

TEST_CASE("age: golden files for ssh keys open, by variable and by the default paths") {
  for (const std::string kind : {"ed25519", "rsa"}) {
    AgeSurroundings s;
    const std::string key = golden + "/keys/ssh/id_" + kind;
    INFO(kind);
    CHECK(s.unwrap("ssh", golden_enc("to-ssh-" + kind)).starts_with("failed: failed to load age identities."));
    s.write(".ssh/id_" + kind, read_file(key));
    CHECK(s.unwrap("ssh", golden_enc("to-ssh-" + kind)).size() == 32);
    s.environment.variables["HOME"] = "/nonexistent";
    s.set("SOPS_AGE_SSH_PRIVATE_KEY_FILE", s.write("key", read_file(key)));
    CHECK(s.unwrap("ssh", golden_enc("to-ssh-" + kind)).size() == 32);
    s.environment.variables.erase("SOPS_AGE_SSH_PRIVATE_KEY_FILE");
    s.set("SOPS_AGE_SSH_PRIVATE_KEY_CMD", "cat '" + s.directory + "/key'");
    CHECK(s.unwrap("ssh", golden_enc("to-ssh-" + kind)).size() == 32);
  }
}

TEST_CASE("age: Debian's age opens what was wrapped for ssh keys here, and the reverse", "[peer:age]") {
  AgeSurroundings s;
  if (!s.has("age")) return;
  for (const std::string kind : {"ed25519", "rsa"}) {
    INFO(kind);
    const std::string key = s.write("id_" + kind, read_file(golden + "/keys/ssh/id_" + kind));
    const std::string recipient = public_line(golden + "/keys/ssh/id_" + kind) + " someone@example";
    CHECK(s.run({"age", "-d", "-i", key}, s.wrap(recipient, data_key)) == data_key);
    s.set("SOPS_AGE_SSH_PRIVATE_KEY_FILE", key);
    CHECK(s.unwrap(recipient, s.run({"age", "-a", "-r", recipient}, data_key)) == data_key);
    CHECK(s.unwrap(recipient, s.wrap(recipient, data_key)) == data_key);
  }
}

TEST_CASE("age: key files of ssh-keygen open in every format and cipher", "[peer:ssh-keygen]") {
  AgeSurroundings s;
  if (!s.has("ssh-keygen")) return;
  struct Row {
    std::string name;
    std::vector<std::string> options;
    std::string passphrase;
  };
  const Row rows[] = {
      {"ed25519-plain", {"-t", "ed25519"}, ""},
      {"ed25519-default", {"-t", "ed25519", "-a", "3"}, "correct horse"},
      {"ed25519-cbc", {"-t", "ed25519", "-a", "1", "-Z", "aes256-cbc"}, "x"},
      {"ed25519-gcm", {"-t", "ed25519", "-a", "2", "-Z", "aes256-gcm@openssh.com"}, std::string(200, 'p')},
      {"ed25519-128", {"-t", "ed25519", "-a", "1", "-Z", "aes128-ctr"}, "x y"},
      {"rsa-openssh", {"-t", "rsa", "-b", "2048", "-a", "2"}, "secret"},
      {"rsa-pem", {"-t", "rsa", "-b", "2048", "-m", "PEM"}, ""},
      {"rsa-pem-locked", {"-t", "rsa", "-b", "2048", "-m", "PEM"}, "secret"},
      {"rsa-pkcs8", {"-t", "rsa", "-b", "2048", "-m", "PKCS8"}, ""},
      {"rsa-pkcs8-locked", {"-t", "rsa", "-b", "2048", "-m", "PKCS8"}, "secret"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const std::string path = s.directory + "/" + row.name;
    std::vector<std::string> command = {"ssh-keygen", "-q", "-N", row.passphrase, "-C", "c", "-f", path};
    command.insert(command.end(), row.options.begin(), row.options.end());
    s.run(command);
    const std::string recipient = public_line(path);
    const std::string enc = s.wrap(recipient, data_key);
    s.set("SOPS_AGE_SSH_PRIVATE_KEY_FILE", path);
    s.questions.clear();
    if (row.passphrase.empty()) {
      CHECK(s.unwrap(recipient, enc) == data_key);
      CHECK(s.questions.empty());
      continue;
    }
    s.answers = {row.passphrase};
    CHECK(s.unwrap(recipient, enc) == data_key);
    CHECK(s.questions == std::vector<std::string>{"Enter passphrase for \"" + path + "\": "});
    s.answers = {"wrong"};
    CHECK(s.unwrap(recipient, enc).starts_with(
        "failed: failed to create reader for decrypting sops data key with age: failed to decrypt SSH key file: "));
    CHECK(s.unwrap(recipient, enc).find("no terminal is available") != std::string::npos);
  }
}

TEST_CASE("age: a passphrase is asked for only when a stanza is for the key, and once") {
  AgeSurroundings s;
  if (!s.has("ssh-keygen")) return;
  const std::string path = s.directory + "/key";
  s.run({"ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", "pass", "-f", path});
  s.set("SOPS_AGE_SSH_PRIVATE_KEY_FILE", path);
  s.answers = {"pass", "pass"};
  AgeIdentities identities(s.environment);
  CHECK(s.unwrap("other", golden_enc("to-ssh-ed25519"), identities).find("did not match") != std::string::npos);
  CHECK(s.questions.empty());
  const std::string recipient = public_line(path);
  const std::string enc = s.wrap(recipient, data_key);
  CHECK(s.unwrap(recipient, enc, identities) == data_key);
  CHECK(s.unwrap(recipient, enc, identities) == data_key);
  CHECK(s.questions.size() == 1);
}

TEST_CASE("age: bcrypt_pbkdf gives OpenBSD's vectors") {
  // Made by OpenBSD's implementation, as carried in the tests of golang.org/x/crypto.
  using namespace std::string_literals;
  struct Row {
    std::uint32_t rounds;
    std::string passphrase, salt, result;
  };
  const Row rows[] = {
      {12, "password", "salt", "1ae42c05d487bc02f64921a4ebe4ea93bcacfe135fda99974c06b7b01fae149a"},
      {3, "passwordy\0PASSWORD\0"s, "salty\0SALT\0"s,
       "7f310bd3e78c3280c59ce4595211a2928e8d4ec744c1ed2efc9f764e3388e0ad"},
      {8, "\u0441\u0435\u043a\u0440\u0435\u0442\u043d\u043e\u0435 \u0441\u043b\u043e\u0432\u043e",
       "\u043f\u043e\u0441\u043e\u043b\u0438\u0442\u044c \u043d\u0435\u043c\u043d\u043e\u0436\u043a\u043e",
       "8df43fc6fe131fc47f0c9e39224bd94c70b6fcc8ee8135faddf61156e6cb2733ea765f315a3e1e4afc35bf8687d189254c1e05a6fe80c06"
       "17f9183d67260d6a115c6c94e3603e2303fbb43a76a64523ffda686b1d4518543"},
  };
  for (const Row& row : rows) {
    const SecretBytes key = age::bcrypt_pbkdf(age::bytes_of(row.passphrase), age::bytes_of(row.salt), row.rounds,
                                              row.result.size() / 2);
    std::string hex;
    for (const std::uint8_t byte : key.bytes()) {
      hex.push_back("0123456789abcdef"[byte >> 4]);
      hex.push_back("0123456789abcdef"[byte & 15]);
    }
    CHECK(hex == row.result);
  }
}

TEST_CASE("age: ssh recipients that cannot serve are refused with a reason") {
  AgeSurroundings s;
  const std::string rsa = public_line(golden + "/keys/ssh/id_rsa");
  struct Row {
    std::string recipient;
    std::string reason;
  };
  const Row rows[] = {
      {"ssh-ed25519", "ssh: no key found"},
      {"ssh-ed25519 AAAA!", "ssh: no key found"},
      {"ssh-ed25519 " + rsa.substr(8), "ssh: no key found"},
      {"ssh-dss AAAAB3NzaC1kc3MAAAAA", "unknown SSH recipient type: \"ssh-dss\""},
      // y = 2 is on no point, y = 1 is the neutral one
      {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
       "invalid Ed25519 public key"},
      {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
       "invalid Ed25519 public key"},
      {rsa.substr(0, 120), "ssh: the key ends too early"},
  };
  for (const Row& row : rows)
    CHECK_THROWS_WITH(s.wrap(row.recipient, data_key),
                      "failed to parse input as age-ssh public key: malformed SSH recipient: \"" +
                          leafseal::quoted(row.recipient) + "\": " + row.reason);
}
