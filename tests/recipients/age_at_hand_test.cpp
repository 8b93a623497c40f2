// F3: a wrapped key is opened again before it is written, by an identity that can be had without a prompt, a program or
// the network; and nothing of that kind is touched to find out.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "recipients/age_bech32.hpp"
#include "recipients/age_surroundings.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

const std::string data_key(32, 'k');

// "the key", "failed: ..." or "none".
std::string at_hand(AgeSurroundings& here, AgeIdentities& identities, const std::string& recipient, const std::string& enc) {
  const RecipientEntry entry{RecipientKind::age, {{"recipient", recipient}}, {}, {}};
  const auto result = make_age_recipient(entry, here.environment, identities)->unwrap_at_hand(enc);
  if (!result) return "none";
  if (const auto* failed = std::get_if<UnwrapFailure>(&*result)) return "failed: " + failed->reason;
  return std::get<SecretBytes>(*result).view() == data_key ? "the key" : "another key";
}

std::string at_hand(AgeSurroundings& here, const std::string& recipient) {
  AgeIdentities identities(here.environment);
  return at_hand(here, identities, recipient, here.wrap(recipient, data_key));
}

UnwrapCost cost(AgeSurroundings& here, const std::string& recipient) {
  AgeIdentities identities(here.environment);
  const RecipientEntry entry{RecipientKind::age, {{"recipient", recipient}}, {}, {}};
  return make_age_recipient(entry, here.environment, identities)->unwrap_cost();
}

std::string recipient_of(const std::string& key) {
  const std::string text = read_file(golden + "/keys/age/" + key + ".txt");
  const std::size_t begin = text.find("age1");
  return text.substr(begin, text.find('\n', begin) - begin);
}

std::string ssh_recipient(const std::string& key) { return trimmed_line(read_file(golden + "/keys/ssh/" + key + ".pub")); }

}  // namespace

TEST_CASE("age: an identity in a variable or a plain file is at hand [F3]") {
  const std::string a1 = recipient_of("a1"), identity_file = golden + "/keys/age/a1.txt";
  SECTION("SOPS_AGE_KEY") {
    AgeSurroundings here;
    CHECK(at_hand(here, a1) == "none");
    here.set("SOPS_AGE_KEY", identity_in(identity_file));
    CHECK(at_hand(here, a1) == "the key");
    CHECK(at_hand(here, recipient_of("a2")) == "none");
  }
  SECTION("SOPS_AGE_KEY_FILE, in which a broken one hides nobody") {
    AgeSurroundings here;
    here.set("SOPS_AGE_KEY_FILE", here.write("keys.txt", read_file(identity_file), 0644));
    here.set("SOPS_AGE_KEY", "no identity");
    CHECK(at_hand(here, a1) == "the key");
    CHECK(here.messages.empty());  // who opens something is told that others can read the file, not who seals
  }
  SECTION("the user's own file") {
    AgeSurroundings here;
    here.write(".config/sops/age/keys.txt", read_file(identity_file));
    CHECK(at_hand(here, a1) == "the key");
  }
  for (const std::string key : {"id_ed25519", "id_rsa"}) {
    DYNAMIC_SECTION(key) {
      AgeSurroundings here;
      here.set("SOPS_AGE_SSH_PRIVATE_KEY_FILE", here.write("id", read_file(golden + "/keys/ssh/" + key)));
      CHECK(at_hand(here, ssh_recipient(key)) == "the key");
      CHECK(at_hand(here, a1) == "none");
    }
  }
}

TEST_CASE("age: what would ask, run a program or wait is not at hand and is left alone [F3]") {
  const std::string a1 = recipient_of("a1"), identity = identity_in(golden + "/keys/age/a1.txt");
  AgeSurroundings here;
  SECTION("commands") {
    here.set("SOPS_AGE_KEY_CMD", "sh -c 'touch ran; echo " + identity + "'");
    here.set("SOPS_AGE_SSH_PRIVATE_KEY_CMD", "touch " + here.directory + "/ran");
    CHECK(at_hand(here, a1) == "none");
    CHECK(!std::filesystem::exists(here.directory + "/ran"));
  }
  SECTION("a pipe, whose content comes once") {
    const std::string pipe = here.directory + "/pipe";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    here.set("SOPS_AGE_KEY_FILE", pipe);
    CHECK(at_hand(here, a1) == "none");
  }
  SECTION("an identity file under a passphrase") {
    here.set("SOPS_AGE_KEY_FILE", golden + "/keys/age/a5-passphrase.age");
    CHECK(at_hand(here, a1) == "none");
  }
  SECTION("an ssh key under a passphrase") {
    if (!here.has("ssh-keygen")) return;
    const std::string path = here.directory + "/id";
    here.run({"ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", "pass", "-f", path});
    here.set("SOPS_AGE_SSH_PRIVATE_KEY_FILE", path);
    CHECK(at_hand(here, trimmed_line(read_file(path + ".pub"))) == "none");
  }
  CHECK(here.questions.empty());
  CHECK(here.messages.empty());
}

TEST_CASE("age: what was read without asking does not stand for what opening reads") {
  AgeSurroundings here;
  const std::string a1 = recipient_of("a1"), enc = here.wrap(a1, data_key);
  here.set("SOPS_AGE_KEY_FILE", here.write("keys.txt", read_file(golden + "/keys/age/a2.txt"), 0644));
  here.set("SOPS_AGE_KEY_CMD", "cat " + golden + "/keys/age/a1.txt");
  AgeIdentities identities(here.environment);
  CHECK(at_hand(here, identities, a1, enc) == "none");
  CHECK(here.messages.empty());
  CHECK(here.unwrap(a1, enc, identities) == data_key);
  CHECK(here.messages.find("can be read by other users") != std::string::npos);
}

TEST_CASE("age: a wrap that its own identity cannot open is a failure, not a stranger's [F3]") {
  AgeSurroundings here;
  const std::string a1 = recipient_of("a1");
  here.set("SOPS_AGE_KEY_FILE", golden + "/keys/age/a1.txt");
  AgeIdentities identities(here.environment);
  CHECK(at_hand(here, identities, a1, here.wrap(recipient_of("a2"), data_key)).starts_with("failed: "));
  CHECK(at_hand(here, identities, a1, "no age file").starts_with("failed: "));
  CHECK(at_hand(here, identities, a1, here.wrap(a1, std::string(32, 'x'))) == "another key");
}

TEST_CASE("age: it is known without asking whether opening may ask") {
  AgeSurroundings here;
  const std::string a1 = recipient_of("a1"), a2 = recipient_of("a2");
  CHECK(cost(here, a1) == UnwrapCost::at_hand);  // fails at once
  const std::string command = "sh -c 'touch " + here.directory + "/ran'";
  constexpr std::uint8_t plugin_bytes[] = {0, 7, 1, 200};
  bool silent = false;
  SECTION("nothing else") { silent = true; }
  SECTION("a command") { here.set("SOPS_AGE_KEY_CMD", command); }
  SECTION("a command for ssh keys") { here.set("SOPS_AGE_SSH_PRIVATE_KEY_CMD", command); }
  SECTION("a file under a passphrase") { here.set("SOPS_AGE_KEY_FILE", golden + "/keys/age/a5-passphrase.age"); }
  SECTION("a plugin") { here.set("SOPS_AGE_KEY_FILE", here.write("keys.txt", age::encode_bech32("AGE-PLUGIN-LFTEST-", plugin_bytes) + "\n")); }
  here.set("SOPS_AGE_KEY", identity_in(golden + "/keys/age/a1.txt"));
  CHECK(cost(here, a1) == UnwrapCost::at_hand);  // its own identity is there
  CHECK(cost(here, a2) == (silent ? UnwrapCost::at_hand : UnwrapCost::asks));
  CHECK(cost(here, "no recipient") == (silent ? UnwrapCost::at_hand : UnwrapCost::asks));
  CHECK(!std::filesystem::exists(here.directory + "/ran"));
  CHECK(here.questions.empty());
}
