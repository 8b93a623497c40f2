// PGP recipients against GnuPG with throw-away homes, and against Sequoia as a second implementation.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/file.hpp"
#include "base/process.hpp"
#include "leafseal/environment.hpp"
#include "leafseal/error.hpp"
#include "recipients/registry.hpp"

using namespace leafseal;

namespace {

const std::string golden_keys = TESTDATA "/golden/keys/pgp/";
const std::string ed25519 = "914112C7FA807ABEC7BC38D95F706C3616F89C00";
const std::string rsa2048 = "5BA48A2E8A5B585AD435ADDC6F3945FD86F099E0";
const std::string expired = "B8D2AE34156A3DFAF4D3AC741E4964BFB5777105";
const std::string passphrase = "C603F2F8FC2B7CD0FDBF2BD0D2A16E858D49997F";
const std::string data_key = "0123456789abcdef0123456789abcdef";
const std::string encrypting =
    "could not encrypt data key with PGP key: GnuPG binary error: failed to encrypt sops data key with pgp: ";
const std::string decrypting =
    "could not decrypt data key with PGP key: GnuPG binary error: failed to decrypt sops data key with pgp: ";

// A GnuPG home of its own. Short, because the agent's socket stands in it.
class GnupgHome {
 public:
  GnupgHome() {
    char pattern[] = "/tmp/lsg-XXXXXX";
    path = mkdtemp(pattern);
    environment.variables["GNUPGHOME"] = path;
    environment.variables["HOME"] = path;
    environment.variables["PATH"] = std::getenv("PATH");
  }
  ~GnupgHome() {
    run_child({"gpgconf", "--homedir", path, "--kill", "all"}, "", {}, environment);
    std::error_code ignored;  // the agent removes its sockets while it ends
    std::filesystem::remove_all(path, ignored);
  }
  GnupgHome(const GnupgHome&) = delete;
  GnupgHome& operator=(const GnupgHome&) = delete;

  void import(const std::string& name) const { run({"gpg", "--batch", "--import", golden_keys + name + ".asc"}); }
  std::string write(const std::string& name, const std::string& text, bool program = false) const {
    std::ofstream(path + "/" + name) << text;
    if (program) std::filesystem::permissions(path + "/" + name, std::filesystem::perms::owner_all);
    return path + "/" + name;
  }
  std::string run(const std::vector<std::string>& words, const std::string& input = {}) const {
    const ChildResult result = run_child(words, input, {}, environment);
    INFO(words.front() << ": " << result.errors);
    REQUIRE(result.exit_code == 0);
    return std::string(result.output.view());
  }

  std::string wrap(const std::string& fingerprint) const {
    const RecipientEntry entry{RecipientKind::pgp, {{"fp", fingerprint}}, {}, {}};
    return LocalRecipients(environment).make(entry)->wrap(SecretBytes::copy_of(data_key));
  }
  std::string wrap_failure(const std::string& fingerprint, std::string* hint = nullptr) const {
    try {
      wrap(fingerprint);
    } catch (const Error& error) {
      if (hint != nullptr && !error.hints().empty()) *hint = error.hints().front();
      return error.what();
    }
    return "no failure";
  }
  std::string unwrap(const std::string& fingerprint, const std::string& enc, std::string* hint = nullptr) const {
    const RecipientEntry entry{RecipientKind::pgp, {{"fp", fingerprint}}, {}, {}};
    UnwrapResult result = LocalRecipients(environment).make(entry)->unwrap(enc);
    if (const auto* failed = std::get_if<UnwrapFailure>(&result)) {
      if (hint != nullptr) *hint = failed->hint;
      return "failed: " + failed->reason;
    }
    return std::string(std::get<SecretBytes>(result).view());
  }

  std::string path;
  Environment environment;
};

bool has(const std::string& program) {
  Environment environment;
  environment.variables["PATH"] = std::getenv("PATH");
  if (!find_program(program, environment).empty()) return true;
  WARN("SKIP peer " << program << " absent: apt install " << (program == "gpg" ? "gnupg" : program));
  return false;
}

// The PGP entry of a golden YAML case.
std::string golden_enc(const std::string& name) {
  std::istringstream lines(read_file(TESTDATA "/golden/" + name));
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    if (!out.empty() || line.starts_with("-----BEGIN PGP")) out += line + "\n";
    if (line.starts_with("-----END PGP")) break;
  }
  return out;
}

}  // namespace

TEST_CASE("pgp: a wrapped key opens again, by fingerprint, forced subkey and long id", "[peer:gpg]") {
  if (!has("gpg")) return;
  const GnupgHome home;
  home.import("ed25519.sec");
  home.import("rsa2048.sec");
  std::string lower = ed25519;
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  for (const std::string& name : {ed25519, rsa2048, lower, rsa2048.substr(24), "0x" + rsa2048}) {
    const std::string enc = home.wrap(name);
    CHECK(enc.starts_with("-----BEGIN PGP MESSAGE-----\n"));
    CHECK(enc.ends_with("-----END PGP MESSAGE-----"));  // trimmed, as the reference stores it
    CHECK(home.unwrap(name, enc) == data_key);
  }
  // The encryption subkey, forced: the primary key cannot encrypt.
  std::istringstream lines(home.run({"gpg", "--with-colons", "--with-subkey-fingerprint", "--list-keys", rsa2048}));
  std::string subkey;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("fpr:")) subkey = line.substr(12, 40);
  }
  REQUIRE(subkey != rsa2048);
  CHECK(home.unwrap(rsa2048, home.wrap(subkey + "!")) == data_key);
}

TEST_CASE("pgp: what the reference wrapped opens with the golden key", "[peer:gpg]") {
  if (!has("gpg")) return;
  const GnupgHome home;
  home.import("rsa2048.sec");
  CHECK(home.unwrap(rsa2048, golden_enc("negative/pgp-key-not-in-keyring/f.yaml")).size() == 32);
}

TEST_CASE("pgp: keys that cannot be used are explained", "[peer:gpg]") {
  if (!has("gpg")) return;
  const GnupgHome home;
  home.import("expired.pub");
  home.import("ed25519.sec");
  const bool by_command = GENERATE(false, true);
  GnupgHome other;
  other.environment.variables["GNUPGHOME"] = home.path;
  if (by_command) other.environment.variables["SOPS_GPG_EXEC"] = "gpg";
  const std::string unknown = "0123456789ABCDEF0123456789ABCDEF01234567";

  std::string hint;
  CHECK(other.wrap_failure(unknown, &hint) == encrypting + "gpg: " + unknown +
                                                  ": skipped: No public key\n"
                                                  "gpg: [stdin]: encryption failed: No public key");
  CHECK((by_command || hint.find("is not in this keyring") != std::string::npos));
  CHECK(other.wrap_failure(expired, &hint) == encrypting + "gpg: " + expired +
                                                  ": skipped: Unusable public key\n"
                                                  "gpg: [stdin]: encryption failed: Unusable public key");
  CHECK((by_command || hint.find("expired on 20") != std::string::npos));

  const std::string failed = other.unwrap(rsa2048, golden_enc("negative/pgp-key-not-in-keyring/f.yaml"), &hint);
  CHECK(failed.starts_with("failed: " + decrypting));
  CHECK(failed.ends_with("gpg: decryption failed: No secret key"));
  CHECK((by_command || hint.find("the secret key of " + rsa2048) != std::string::npos));
  CHECK(other.unwrap(ed25519, "no message").starts_with("failed: " + decrypting + "gpg: "));
  CHECK(other.unwrap(ed25519, "").starts_with("failed: "));
}

TEST_CASE("pgp: a revoked key is named as such", "[peer:gpg]") {
  if (!has("gpg")) return;
  const GnupgHome home;
  home.run({"gpg", "--batch", "--passphrase", "", "--quick-gen-key", "gone@test.invalid", "default", "default"});
  std::string fingerprint;
  for (const auto& file : std::filesystem::directory_iterator(home.path + "/openpgp-revocs.d")) {
    fingerprint = file.path().stem();
    std::string text = read_file(file.path());
    text.replace(text.find(":-----BEGIN"), 1, "");  // gpg writes the certificate with a guard in front
    home.run({"gpg", "--batch", "--import"}, text);
  }
  std::string hint;
  CHECK(home.wrap_failure(fingerprint, &hint).find("Unusable public key") != std::string::npos);
  CHECK(hint.find("is revoked") != std::string::npos);
}

TEST_CASE("pgp: a passphrase comes from where gpg's own configuration says", "[peer:gpg]") {
  if (!has("gpg")) return;
  const GnupgHome home;
  const std::string file = home.write("pass", "test-only-golden");
  home.write("gpg.conf", "batch\npinentry-mode loopback\npassphrase-file " + file + "\n");
  home.import("passphrase.sec");
  CHECK(home.unwrap(passphrase, home.wrap(passphrase)) == data_key);
}

TEST_CASE("pgp: an encrypt-to of the user's configuration adds no reader", "[peer:gpg]") {
  if (!has("gpg")) return;
  const GnupgHome home;
  home.import("ed25519.pub");
  home.import("rsa2048.sec");
  home.write("gpg.conf", "encrypt-to " + rsa2048 + "\n");
  CHECK(home.unwrap(rsa2048, home.wrap(ed25519)).starts_with("failed: "));
}

TEST_CASE("pgp: what becomes a word of gpg's command line is a fingerprint and nothing else [C7]") {
  GnupgHome home;
  home.environment.variables["SOPS_GPG_EXEC"] = home.write("program", "#!/bin/sh\n: > \"$GNUPGHOME/ran\"\n", true);
  for (const std::string name : {"", "a@b.c", "--output=/tmp/x", "-r", "ABCDEF", "!", "914112C7FA807ABEC7BC38D9\nx",
                                 "--hidden 914112C7FA807ABE", "914112C7FA807ABEC7BC38D9!!"}) {
    INFO(name);
    CHECK(home.wrap_failure(name).starts_with(encrypting + "gpg: '"));
    CHECK(!std::filesystem::exists(home.path + "/ran"));
  }
  CHECK(home.wrap_failure("914112C7FA807ABEC7BC38D9") == encrypting + "zero bytes returned");
  CHECK(std::filesystem::exists(home.path + "/ran"));
}

TEST_CASE("pgp: SOPS_GPG_EXEC is run with the reference's arguments") {
  GnupgHome home;
  home.environment.variables["SOPS_GPG_EXEC"] =
      home.write("program", "#!/bin/sh\necho \"$@\" >> \"$GNUPGHOME/arguments\"\ncat\necho\n", true);
  CHECK(home.wrap(ed25519) == data_key);
  CHECK(home.wrap(ed25519 + "!") == data_key);
  CHECK(home.wrap("5F706C3616F89C00") == data_key);
  CHECK(home.unwrap(ed25519, "message") == "message\n");
  const std::string id = "5F706C3616F89C00";
  const std::string start = "--no-default-recipient --yes --encrypt -a -r ";
  CHECK(read_file(home.path + "/arguments") ==
        start + ed25519 + " --trusted-key " + id + " --no-encrypt-to\n" +  //
            start + ed25519 + "! --trusted-key " + id + "! --no-encrypt-to\n" +  //
            start + id + " --trusted-key " + id + " --no-encrypt-to\n" + "-d\n");
  home.environment.variables["SOPS_GPG_EXEC"] = home.write("failing", "#!/bin/sh\necho no luck >&2; exit 2\n", true);
  CHECK(home.unwrap(ed25519, "x") == "failed: " + decrypting + "no luck");
  home.environment.variables["SOPS_GPG_EXEC"] = "/nonexistent/gpg";
  CHECK(home.unwrap(ed25519, "x").starts_with("failed: " + decrypting));
}

TEST_CASE("pgp: Sequoia opens what was wrapped here, and the reverse", "[peer:sq]") {
  if (!has("sq") || !has("gpg")) return;
  const GnupgHome home;
  home.import("rsa2048.sec");
  const std::string enc = home.write("enc", home.wrap(rsa2048));
  CHECK(home.run({"sq", "decrypt", "--recipient-key", golden_keys + "rsa2048.sec.asc", enc}) == data_key);
  const std::string plain = home.write("plain", data_key);
  CHECK(home.unwrap(rsa2048, home.run({"sq", "encrypt", "--recipient-cert", golden_keys + "rsa2048.pub.asc", plain})) ==
        data_key);
}
