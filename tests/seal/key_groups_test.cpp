#include "leafseal/key_groups.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <map>
#include <mutex>

#include "base/random.hpp"
#include "leafseal/error.hpp"
#include "seal/failure_report.hpp"

using namespace leafseal;

namespace {

// A world in which a recipient's wrapped key is its name and the key in clear. Names listed in `absent` do not open
// theirs, and cannot be wrapped for.
struct TestRegistry : RecipientRegistry {
  std::vector<std::string> absent;
  mutable std::vector<std::string> asked;

  struct TestRecipient : Recipient {
    const TestRegistry& registry;
    std::string id;
    TestRecipient(const TestRegistry& r, std::string i) : registry(r), id(std::move(i)) {}
    bool is_absent() const {
      return std::find(registry.absent.begin(), registry.absent.end(), id) != registry.absent.end();
    }
    std::string wrap(const SecretBytes& key) const override {
      if (is_absent()) throw Error(ExitCode::generic, "no such key", {"get the key"});
      return id + ":" + std::string(key.view());
    }
    UnwrapResult unwrap(std::string_view enc) const override {
      registry.asked.push_back(id);
      if (is_absent()) return UnwrapFailure{"the key of " + id + " is not here", "find the key"};
      return SecretBytes::copy_of(enc.substr(id.size() + 1));
    }
  };
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override {
    return std::make_unique<TestRecipient>(*this, entry.id());
  }
};

RecipientEntry age(const std::string& name) { return {RecipientKind::age, {{"recipient", name}}, {}, ""}; }
RecipientEntry pgp(const std::string& name) { return {RecipientKind::pgp, {{"fp", name}}, {}, ""}; }
RecipientEntry kms(const std::string& name) { return {RecipientKind::kms, {{"arn", name}}, {}, ""}; }

KeyGroups three_groups(int threshold) { return {{{{age("a")}}, {{age("b")}}, {{age("c")}}}, threshold}; }

struct Failure {
  ExitCode code = ExitCode::ok;
  std::string message;
  std::vector<std::string> hints;
};

template <class Action>
Failure failure_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.code(), error.what(), error.hints()};
  }
  return {};
}

}  // namespace

TEST_CASE("one group: every recipient wraps the key itself, in decryption order one is asked") {
  TestRegistry registry;
  const SecretBytes key = random_secret(32);
  KeyGroups groups{{{{kms("k"), pgp("p"), age("a"), age("b")}}}, 0};
  wrap_all(groups, key, registry);
  for (const RecipientEntry& entry : groups.groups[0].entries) {
    CHECK(entry.enc == entry.id() + ":" + std::string(key.view()));
  }
  CHECK(groups.threshold == 0);

  registry.absent = {"a", "b"};
  CHECK(recover(groups, {}, registry) == key);
  CHECK(registry.asked == std::vector<std::string>{"a", "b", "p"});
  registry.asked.clear();
  CHECK(recover(groups, DecryptionOrder::parse("kms,pgp"), registry) == key);
  CHECK(registry.asked == std::vector<std::string>{"k"});
  registry.asked.clear();
  CHECK(recover(groups, DecryptionOrder::parse("unknown,hckms"), registry) == key);
  CHECK(registry.asked == std::vector<std::string>{"k"});
}

TEST_CASE("several groups: a share each, and the threshold of them is enough") {
  TestRegistry registry;
  const SecretBytes key = random_secret(32);
  KeyGroups groups = three_groups(2);
  wrap_all(groups, key, registry);
  CHECK(groups.threshold == 2);
  CHECK(recover(groups, {}, registry) == key);
  CHECK(registry.asked == std::vector<std::string>{"a", "b"});  // the third is not bothered
  for (const char* absent : {"a", "b", "c"}) {
    registry.absent = {absent};
    CHECK(recover(groups, {}, registry) == key);
  }
  registry.absent = {"c"};
  groups.threshold = 0;  // a document that lost its threshold opens with what there is, as in the reference
  CHECK(recover(groups, {}, registry) == key);

  registry.absent.clear();
  KeyGroups all = three_groups(0);
  wrap_all(all, key, registry);
  CHECK(all.threshold == 3);
}

namespace {

// Recipients with a cost each. Services wait until as many of them are asked as are expected together; whatever may
// prompt must never meet another question.
struct CostlyRegistry : TestRegistry {
  std::map<std::string, UnwrapCost> costs;
  int together = 1;
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  mutable int open = 0, most = 0;
  mutable bool prompt_met_another = false;

  struct Costly : TestRecipient {
    const CostlyRegistry& all;
    Costly(const CostlyRegistry& r, std::string i) : TestRecipient(r, std::move(i)), all(r) {}
    UnwrapCost unwrap_cost() const override { return all.costs.at(id); }
    UnwrapResult unwrap(std::string_view enc) const override {
      std::unique_lock lock(all.mutex);
      all.most = std::max(all.most, ++all.open);
      all.prompt_met_another |= all.open > 1 && unwrap_cost() != UnwrapCost::service;
      all.changed.notify_all();
      if (unwrap_cost() == UnwrapCost::service) {
        all.changed.wait_for(lock, std::chrono::seconds(10), [&] { return all.most >= all.together; });
      }
      UnwrapResult result = TestRecipient::unwrap(enc);
      --all.open;
      return result;
    }
  };
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override {
    return std::make_unique<Costly>(*this, entry.id());
  }
  std::vector<std::string> asked_in_any_order() const {
    std::vector<std::string> sorted = asked;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the cheapest recipients are asked first, over all groups, and nobody once the threshold is reached") {
  CostlyRegistry registry;
  registry.costs = {{"gpg", UnwrapCost::asks},   {"plugin", UnwrapCost::asks}, {"kms1", UnwrapCost::service},
                    {"kms2", UnwrapCost::service}, {"kms3", UnwrapCost::service}, {"here", UnwrapCost::at_hand}};
  const SecretBytes key = random_secret(32);
  KeyGroups groups{{{{pgp("gpg"), kms("kms1")}}, {{age("plugin")}}, {{kms("kms2")}}, {{age("here")}}, {{kms("kms3")}}}, 2};
  wrap_all(groups, key, registry);

  CHECK(recover(groups, {}, registry) == key);
  CHECK(registry.asked == Names{"here", "kms1"});
  registry.asked.clear();

  SECTION("a silent one that fails is replaced by the next silent one") {
    registry.absent = {"kms1"};
    CHECK(recover(groups, {}, registry) == key);
    CHECK(registry.asked == Names{"here", "kms1", "kms2"});
  }
  SECTION("prompts come when nothing silent is left, one at a time") {
    registry.absent = {"kms1", "kms2", "kms3"};
    CHECK(recover(groups, {}, registry) == key);
    CHECK(registry.asked == Names{"here", "kms1", "kms2", "kms3", "plugin"});
  }
  SECTION("the user's order decides over all groups") {
    CHECK(recover(groups, DecryptionOrder::parse("pgp,age"), registry) == key);
    CHECK(registry.asked == Names{"gpg", "plugin"});
    registry.asked.clear();
    CHECK(recover(groups, DecryptionOrder::parse("kms"), registry) == key);
    CHECK(registry.asked == Names{"kms1", "kms2"});
  }
  CHECK_FALSE(registry.prompt_met_another);
}

TEST_CASE("services of different groups are asked at the same time, as many as are needed and no more") {
  CostlyRegistry registry;
  for (const char* name : {"k1", "k2", "k3", "k4", "k5"}) registry.costs[name] = UnwrapCost::service;
  registry.costs["g1"] = registry.costs["g2"] = UnwrapCost::asks;
  const SecretBytes key = random_secret(32);
  KeyGroups groups{{{{pgp("g1"), kms("k1")}}, {{kms("k2"), kms("k5")}}, {{kms("k3"), pgp("g2")}}, {{kms("k4")}}}, 3};
  wrap_all(groups, key, registry);
  registry.together = 3;
  CHECK(recover(groups, {}, registry) == key);
  CHECK(registry.asked_in_any_order() == Names{"k1", "k2", "k3"});
  CHECK(registry.most == 3);

  registry.asked.clear();
  registry.absent = {"k2"};
  CHECK(recover(groups, {}, registry) == key);
  CHECK(registry.asked.size() == 4);
  CHECK(registry.asked.back() == "k5");  // the same group's next one before another group

  registry.asked.clear();
  registry.absent = {"k1", "k2", "k5"};
  CHECK(recover(groups, {}, registry) == key);
  CHECK(registry.asked.size() == 6);
  CHECK(registry.asked.back() == "g1");  // not g2, whose group is open
  CHECK_FALSE(registry.prompt_met_another);
}

TEST_CASE("a failed recovery lists each group, each recipient, each reason") {
  TestRegistry registry;
  const SecretBytes key = random_secret(32);
  KeyGroups groups{{{{age("age1one"), pgp("FP")}}, {{age("b")}}}, 2};
  wrap_all(groups, key, registry);
  registry.absent = {"age1one", "FP"};
  const Failure failure = failure_of([&] { recover(groups, {}, registry); });
  CHECK(failure.code == ExitCode::could_not_retrieve_key);
  CHECK(failure.hints == std::vector<std::string>{"find the key"});
  CHECK(failure.message ==
        "Failed to get the data key required to decrypt the SOPS file.\n\n"
        "Group 0: FAILED\n"
        "  age1one: FAILED\n"
        "    - | the key of age1one is not here\n"
        "  \n"
        "  FP: FAILED\n"
        "    - | the key of FP is not here\n\n"
        "Group 1: SUCCESS\n\n"
        "Recovery failed because the file was encrypted with a Shamir threshold of\n"
        "2, but only 1 part(s) were successfully recovered, one for each successful\n"
        "key group. In order for SOPS to recover the file, at least 2 groups have to\n"
        "be successful. In order for a group to be successful, decryption has to\n"
        "succeed with any of the keys in that key group.");
}

TEST_CASE("a reason is wrapped at 60 columns like the reference's, and cannot drive a terminal [L4]") {
  // From testdata/golden/negative/pgp-key-not-in-keyring, without its first cause.
  const std::vector<GroupOutcome> outcome = {
      {false,
       {{"5BA48A2E8A5B585AD435ADDC6F3945FD86F099E0",
         {"could not decrypt data key with PGP key: GnuPG binary error: failed to decrypt sops data key with pgp: gpg: "
         "encrypted with 2048-bit RSA key, ID 7430D558A3FFE67F, created 2026-11-22\n      \"TEST ONLY golden rsa2048 "
         "(never use) <rsa2048@golden.test.invalid>\"\ngpg: decryption failed: No secret key"}},
        {"bad\x1b[31m", {"worse\x1b[0m\n"}}}}};
  CHECK(failure_report(outcome, 0) ==
        "Failed to get the data key required to decrypt the SOPS file.\n\n"
        "Group 0: FAILED\n"
        "  5BA48A2E8A5B585AD435ADDC6F3945FD86F099E0: FAILED\n"
        "    - | could not decrypt data key with PGP key: GnuPG binary error:\n"
        "      | failed to decrypt sops data key with pgp: gpg: encrypted\n"
        "      | with 2048-bit RSA key, ID 7430D558A3FFE67F, created\n"
        "      | 2026-11-22\n"
        "      |       \"TEST ONLY golden rsa2048 (never use)\n"
        "      | <rsa2048@golden.test.invalid>\"\n"
        "      | gpg: decryption failed: No secret key\n"
        "  \n"
        "  bad\\x1b[31m: FAILED\n"
        "    - | worse\\x1b[0m\n\n"
        "Recovery failed because no master key was able to decrypt the file. In\n"
        "order for SOPS to recover the file, at least one key has to be successful,\n"
        "but none were.");
  CHECK(wrap_lines("a bbbbbbbbbbbb c", 8) == "a\nbbbbbbbbbbbb\nc");
  CHECK(wrap_lines("", 8).empty());
}

TEST_CASE("a key that cannot be wrapped for everyone is not wrapped") {
  TestRegistry registry;
  registry.absent = {"x", "y"};
  const SecretBytes key = random_secret(32);
  const auto refusal = [&](KeyGroups groups) { return failure_of([&] { wrap_all(groups, key, registry); }); };
  CHECK(refusal({}).message == "Could not generate data key: [no key groups provided]");
  CHECK(refusal({{{}}, 0}).message == "Could not generate data key: [empty key group provided]");
  CHECK(refusal({{{{age("a")}}, {}}, 0}).message == "Could not generate data key: [empty key group provided]");
  CHECK(refusal(three_groups(1)).message ==
        "Could not generate data key: [could not split data key into parts for Shamir: threshold must be at least 2]");
  CHECK(refusal(three_groups(5)).message ==
        "Could not generate data key: [could not split data key into parts for Shamir: parts cannot be less than "
        "threshold]");
  const Failure failure = refusal({{{{age("x"), age("a"), pgp("y")}}}, 0});
  CHECK(failure.code == ExitCode::generic);
  CHECK(failure.hints == std::vector<std::string>{"get the key"});
  CHECK(failure.message ==
        "Could not generate data key: [failed to encrypt new data key with master key \"x\": no such key "
        "failed to encrypt new data key with master key \"y\": no such key]");
}

TEST_CASE("what a hostile document can do to its key groups ends with 128 [P5]") {
  TestRegistry registry;
  const SecretBytes key = random_secret(32);
  KeyGroups groups = three_groups(2);
  wrap_all(groups, key, registry);

  SECTION("a lowered threshold does not make one share a key") {
    registry.absent = {"b", "c"};
    groups.threshold = GENERATE(0, 1, -1);
    const Failure failure = failure_of([&] { recover(groups, {}, registry); });
    CHECK(failure.code == ExitCode::could_not_retrieve_key);
    CHECK(failure.message ==
          "could not get data key from shamir parts: less than two parts cannot be used to reconstruct the secret");
  }
  SECTION("a threshold above the number of groups is never met") {
    groups.threshold = 256;
    CHECK(failure_of([&] { recover(groups, {}, registry); }).code == ExitCode::could_not_retrieve_key);
  }
  SECTION("the same share twice") {
    groups.groups[1].entries[0].enc = "b" + groups.groups[0].entries[0].enc.substr(1);
    CHECK(failure_of([&] { recover(groups, {}, registry); }).message ==
          "could not get data key from shamir parts: duplicate part detected");
  }
  SECTION("a recipient that gives a key of another size does not hide a good one") {
    KeyGroups one{{{{age("a"), age("b")}}}, 0};
    wrap_all(one, key, registry);
    one.groups[0].entries[0].enc = "a:short";
    CHECK(recover(one, {}, registry) == key);
    one.groups[0].entries.pop_back();
    const Failure failure = failure_of([&] { recover(one, {}, registry); });
    CHECK(failure.code == ExitCode::could_not_retrieve_key);
    CHECK(failure.message.find("the wrapped key holds 5 bytes instead of 32") != std::string::npos);
  }
}

TEST_CASE("the decryption order is a list without repetitions") {
  CHECK(DecryptionOrder::parse("").kinds == std::vector<std::string>{"age", "pgp"});
  CHECK(DecryptionOrder::parse("pgp, age,x").kinds == std::vector<std::string>{"pgp", " age", "x"});
  const Failure failure = failure_of([] { DecryptionOrder::parse("age,pgp,age"); });
  CHECK(failure.code == ExitCode::duplicate_decryption_type);
  CHECK(failure.message == "Duplicate decryption key type: age");
}

TEST_CASE("a wrapped key that does not open to the key again is refused where that can be seen [F3]") {
  struct Faulty : TestRegistry {
    enum class Opens { to_the_key, to_another, not_at_all, unknown } opens = Opens::to_the_key;
    struct Checked : TestRecipient {
      Opens opens;
      Checked(const TestRegistry& r, std::string i, Opens o) : TestRecipient(r, std::move(i)), opens(o) {}
      std::optional<UnwrapResult> unwrap_at_hand(std::string_view enc) const override {
        if (opens == Opens::unknown) return std::nullopt;
        if (opens == Opens::not_at_all) return UnwrapFailure{"a reason", ""};
        SecretBytes key = SecretBytes::copy_of(enc.substr(id.size() + 1));
        if (opens == Opens::to_another) key.data()[0] ^= 1;
        return key;
      }
    };
    std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override {
      return std::make_unique<Checked>(*this, entry.id(), entry.id() == "b" ? opens : Opens::to_the_key);
    }
  };
  const SecretBytes key = random_secret(32);
  for (const KeyGroups& wanted : {KeyGroups{{{{age("a"), age("b"), age("c")}}}, 0}, three_groups(2)}) {
    for (const auto opens : {Faulty::Opens::to_the_key, Faulty::Opens::unknown, Faulty::Opens::to_another, Faulty::Opens::not_at_all}) {
      Faulty registry;
      registry.opens = opens;
      KeyGroups groups = wanted;
      const Failure failure = failure_of([&] { wrap_all(groups, key, registry); });
      if (opens == Faulty::Opens::to_the_key || opens == Faulty::Opens::unknown) {
        CHECK(failure.code == ExitCode::ok);
        continue;
      }
      CHECK(failure.code == ExitCode::generic);
      CHECK(failure.message ==
            "Could not generate data key: [failed to encrypt new data key with master key \"b\": the wrapped key does not "
            "open to the data key again" +
                std::string(opens == Faulty::Opens::not_at_all ? ": a reason" : "") + "]");
      CHECK(failure.hints.size() == 1);
    }
  }
}
