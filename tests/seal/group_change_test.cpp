// Recipients change while the data key stays: who stays keeps his wrapped key, and every set of groups that may open the
// document does.
#include "leafseal/group_change.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "base/random.hpp"
#include "leafseal/error.hpp"

using namespace leafseal;

namespace {

// The wrapped key is the recipient's name and the key in clear; those in `absent` open nothing.
struct OpenRegistry : RecipientRegistry {
  std::set<std::string> absent;
  mutable std::vector<std::string> asked;

  struct OpenRecipient : Recipient {
    const OpenRegistry& registry;
    std::string id;
    OpenRecipient(const OpenRegistry& r, std::string i) : registry(r), id(std::move(i)) {}
    std::string wrap(const SecretBytes& key) const override { return id + ":" + std::string(key.view()); }
    UnwrapResult unwrap(std::string_view enc) const override {
      registry.asked.push_back(id);
      if (registry.absent.contains(id)) return UnwrapFailure{"not here", ""};
      return SecretBytes::copy_of(enc.substr(id.size() + 1));
    }
  };
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override {
    return std::make_unique<OpenRecipient>(*this, entry.id());
  }
};

RecipientEntry age(const std::string& name) { return {RecipientKind::age, {{"recipient", name}}, {}, ""}; }

KeyGroups groups_of(const std::vector<std::string>& names, int threshold) {
  KeyGroups keys;
  keys.threshold = threshold;
  for (const std::string& name : names) keys.groups.push_back({{age(name)}});
  return keys;
}

GroupChange unchanged(const KeyGroups& keys) {
  GroupChange change{keys, keys, {}};
  for (std::size_t i = 0; i < keys.groups.size(); ++i) change.origin.push_back(i);
  return change;
}

void add_group(GroupChange& change, const std::string& name) {
  change.after.groups.push_back({{age(name)}});
  change.origin.push_back(GroupChange::added);
}

void remove_group(GroupChange& change, std::size_t index) {
  change.after.groups.erase(change.after.groups.begin() + static_cast<std::ptrdiff_t>(index));
  change.origin.erase(change.origin.begin() + static_cast<std::ptrdiff_t>(index));
}

KeyGroups apply(GroupChange change, const OpenRegistry& registry) {
  wrap_changed(change, recover_for(change, {{}}, registry), registry, "phrase: ");
  return change.after;
}

std::map<std::string, std::string> wraps(const KeyGroups& keys) {
  std::map<std::string, std::string> all;
  for (const KeyGroup& group : keys.groups) {
    for (const RecipientEntry& entry : group.entries) all[entry.id()] = entry.enc;
  }
  return all;
}

// Everybody who is in both has the same wrapped key.
bool kept(const KeyGroups& before, const KeyGroups& after) {
  const auto old = wraps(before);
  for (const auto& [id, enc] : wraps(after)) {
    if (const auto found = old.find(id); found != old.end() && found->second != enc) return false;
  }
  return true;
}

// Each pair of recipients of different groups opens a document with the threshold 2.
void check_all_pairs(const KeyGroups& keys, const SecretBytes& key) {
  const auto all = wraps(keys);
  for (const auto& a : all) {
    for (const auto& b : all) {
      const auto in_one_group = [&](const KeyGroup& group) {
        int count = 0;
        for (const RecipientEntry& entry : group.entries) count += entry.id() == a.first || entry.id() == b.first;
        return count > 1;
      };
      if (a.first >= b.first || std::any_of(keys.groups.begin(), keys.groups.end(), in_one_group)) continue;
      OpenRegistry pair;
      for (const auto& [id, enc] : all) {
        if (id != a.first && id != b.first) pair.absent.insert(id);
      }
      INFO(a.first + " and " + b.first);
      CHECK(recover(keys, {}, pair) == key);
    }
  }
}

}  // namespace

TEST_CASE("one group: only who comes gets a wrapped key", "[group_change]") {
  const OpenRegistry registry;
  const SecretBytes key = random_secret(32);
  KeyGroups keys{{{{age("a"), age("b")}}}, 0};
  wrap_all(keys, key, registry);
  GroupChange change = unchanged(keys);
  change.after.groups[0].entries.erase(change.after.groups[0].entries.begin());
  change.after.groups[0].entries.push_back(age("c"));
  const KeyGroups after = apply(change, registry);
  CHECK(kept(keys, after));
  CHECK(after.groups[0].entries[1].enc == "c:" + std::string(key.view()));
}

TEST_CASE("a recipient more in a group gets the share that the group has", "[group_change]") {
  const SecretBytes key = random_secret(32);
  for (const std::size_t group : {0U, 1U, 2U, 3U}) {
    for (const std::size_t absent : {0U, 1U, 2U, 3U}) {
      OpenRegistry registry;
      KeyGroups keys = groups_of({"a", "b", "c", "d"}, 2);
      wrap_all(keys, key, registry);
      registry.absent = {keys.groups[absent].entries[0].id()};
      GroupChange change = unchanged(keys);
      change.after.groups[group].entries.push_back(age("new"));
      const KeyGroups after = apply(change, registry);
      INFO("group " << group << ", absent " << absent);
      CHECK(kept(keys, after));
      check_all_pairs(after, key);
    }
  }
}

TEST_CASE("whoever's share is needed is asked first, and nobody more than needed", "[group_change]") {
  OpenRegistry registry;
  KeyGroups keys = groups_of({"a", "b", "c", "d"}, 2);
  wrap_all(keys, random_secret(32), registry);
  GroupChange change = unchanged(keys);
  change.after.groups[2].entries.push_back(age("new"));
  apply(change, registry);
  CHECK(registry.asked == std::vector<std::string>{"c", "a"});
}

TEST_CASE("groups come and go under one threshold; those that stay keep their shares", "[group_change]") {
  const OpenRegistry registry;
  const SecretBytes key = random_secret(32);
  KeyGroups keys = groups_of({"a", "b", "c"}, 2);
  wrap_all(keys, key, registry);
  for (int round = 0; round < 20; ++round) {
    GroupChange change = unchanged(keys);
    if (round % 3 == 2) {
      remove_group(change, static_cast<std::size_t>(round) % keys.groups.size());
    } else {
      add_group(change, "n" + std::to_string(round));
    }
    const KeyGroups after = apply(change, registry);
    INFO("round " << round);
    CHECK(kept(keys, after));
    check_all_pairs(after, key);
    keys = after;
  }
}

TEST_CASE("where a point of the polynomial is not certain the key is split anew", "[group_change]") {
  const SecretBytes key = random_secret(32);
  OpenRegistry registry;
  KeyGroups keys = groups_of({"a", "b", "c", "d"}, 2);
  wrap_all(keys, key, registry);
  GroupChange change = unchanged(keys);
  remove_group(change, 2);  // d stands at x = 4, in the third place
  const KeyGroups moved = apply(change, registry);
  REQUIRE(kept(keys, moved));

  registry.absent = {"d"};  // nobody can tell where
  GroupChange more = unchanged(moved);
  add_group(more, "new");
  const KeyGroups after = apply(more, registry);
  check_all_pairs(after, key);
  registry.absent = {"a", "b"};
  CHECK(recover(after, {}, registry) == key);  // d and the new one do not stand at the same point
}

TEST_CASE("another threshold, or one group in place of several, makes all wrapped keys anew", "[group_change]") {
  const OpenRegistry registry;
  const SecretBytes key = random_secret(32);
  KeyGroups keys = groups_of({"a", "b", "c"}, 2);
  wrap_all(keys, key, registry);

  GroupChange higher = unchanged(keys);
  higher.after.threshold = 3;
  KeyGroups after = apply(higher, registry);
  for (const auto& [id, enc] : wraps(after)) CHECK(enc != wraps(keys)[id]);
  CHECK(recover(after, {}, registry) == key);

  GroupChange one = unchanged(keys);
  remove_group(one, 2);
  remove_group(one, 0);
  after = apply(one, registry);
  CHECK(wraps(after)["b"] == "b:" + std::string(key.view()));

  GroupChange several = unchanged(after);
  add_group(several, "d");
  several.after.threshold = 0;
  after = apply(several, registry);
  CHECK(after.threshold == 2);
  check_all_pairs(after, key);
}

TEST_CASE("an empty group and a threshold that cannot be are refused", "[group_change]") {
  const OpenRegistry registry;
  KeyGroups keys = groups_of({"a", "b"}, 2);
  wrap_all(keys, random_secret(32), registry);
  GroupChange empty = unchanged(keys);
  empty.after.groups[1].entries.clear();
  CHECK_THROWS_WITH(apply(empty, registry), "phrase: [empty key group provided]");
  GroupChange one = unchanged(keys);
  one.after.threshold = 1;
  CHECK_THROWS_WITH(apply(one, registry),
                    "phrase: [could not split data key into parts for Shamir: threshold must be at least 2]");
}
