// What updatekeys would do: groups by position, recipients by string form, the threshold as the reference has it except
// where that is stuck (cli.md 3.7).
#include "cli/key_plan.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leafseal;
using namespace leafseal::cli;

constexpr const char* now = "2026-11-25T10:00:00Z";

RecipientEntry pgp(const std::string& name, const std::string& enc = "") {
  return {RecipientKind::pgp, {{"fp", name}}, {}, enc};
}

KeyGroups keys(const std::vector<std::vector<std::string>>& groups, int threshold = 0) {
  KeyGroups out;
  out.threshold = threshold;
  for (const auto& names : groups) {
    KeyGroup& group = out.groups.emplace_back();
    for (const std::string& name : names) group.entries.push_back(pgp(name));
  }
  return out;
}

std::vector<std::string> names(const KeyGroup& group) {
  std::vector<std::string> out;
  for (const RecipientEntry& entry : group.entries) out.push_back(entry.id());
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the same recipients in another order are no change", "[key_plan]") {
  CHECK(plan_keys(keys({{"A", "B"}}), keys({{"B", "A"}}), now).empty());
  CHECK_FALSE(plan_keys(keys({{"A"}, {"B"}}, 2), keys({{"B"}, {"A"}}), now).empty());
}

TEST_CASE("who stays keeps his place, who comes goes behind, with today's date", "[key_plan]") {
  const KeyPlan plan = plan_keys(keys({{"A", "B", "C"}}), keys({{"N", "C", "A"}}), now);
  CHECK(names(plan.change.after.groups[0]) == Names{"A", "C", "N"});
  CHECK(plan.change.after.groups[0].entries[0].field("created_at").empty());
  CHECK(plan.change.after.groups[0].entries[2].field("created_at") == now);
  CHECK(plan.groups[0].common == Names{"C", "A"});
  CHECK(plan.groups[0].added == Names{"N"});
  CHECK(plan.groups[0].removed == Names{"B"});
}

TEST_CASE("the threshold that is stored, row by row", "[key_plan]") {
  struct Row {
    int stored;
    std::size_t file, rule_groups;
    int rule, wanted;
  };
  for (const Row& row : std::vector<Row>{{0, 1, 1, 0, 0},
                                         {2, 2, 2, 0, 2},
                                         {2, 3, 3, 3, 2},    // the file's own counts
                                         {3, 3, 2, 0, 2},    // as far as there are groups
                                         {2, 2, 1, 0, 1},
                                         {1, 1, 2, 0, 2},    // and back: the reference is stuck with 1
                                         {0, 1, 3, 2, 2},
                                         {0, 1, 3, 0, 3}}) {
    const auto groups = [](std::size_t count) {
      std::vector<std::vector<std::string>> out;
      for (std::size_t i = 0; i < count; ++i) out.push_back({std::string(1, static_cast<char>('A' + i))});
      return out;
    };
    const KeyPlan plan = plan_keys(keys(groups(row.file), row.stored), keys(groups(row.rule_groups), row.rule), now);
    INFO(row.stored << " in " << row.file << " groups, the rule " << row.rule << " in " << row.rule_groups);
    CHECK(plan.change.after.threshold == row.wanted);
  }
}

TEST_CASE("the plan as the reference prints it", "[key_plan]") {
  const KeyPlan plan = plan_keys(keys({{"A", "B"}, {"C"}}, 2), keys({{"N", "A"}}), now);
  CHECK(shown(plan, false) ==
        "The following changes will be made to the file's groups:\n"
        "+++ shamir_threshold: 1\n"
        "--- shamir_threshold: 2\n"
        "Group 1\n"
        "    A\n"
        "+++ N\n"
        "--- B\n"
        "Group 2\n"
        "--- C\n");
  CHECK(shown(plan_keys(keys({{"A"}, {"B"}}, 2), keys({{"A"}, {"C"}}), now), true) ==
        "The following changes will be made to the file's groups:\n"
        "shamir_threshold: 2\n"
        "\x1b[4mGroup 1\x1b[0m\n"
        "    A\n"
        "\x1b[4mGroup 2\x1b[0m\n"
        "\x1b[32m+++ C\x1b[0m\n"
        "\x1b[1;31m--- B\x1b[0m\n");
}

TEST_CASE("control characters of a recipient do not reach the terminal [L4]", "[key_plan]") {
  const KeyPlan plan = plan_keys(keys({{"A\x1b[2J"}}), keys({{"B"}}), now);
  CHECK(shown(plan, false).find('\x1b') == std::string::npos);
}

TEST_CASE("a wrapped key that has not the form of its kind is made anew", "[key_plan]") {
  KeyGroups file = keys({{"A"}});
  file.groups[0].entries[0].enc = "no message";
  CHECK(plan_keys(file, keys({{"A", "B"}}), now).change.after.groups[0].entries[0].enc.empty());
}
