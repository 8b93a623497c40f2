// What is said of patterns without a path is true: checked against RE2 itself on random patterns and paths.
#include "config/pattern_cover.hpp"

#include <catch2/catch.hpp>

#include "config/path_pattern.hpp"
#include "support/dice.hpp"

using namespace leafseal;
using namespace leafseal::config;

namespace {

bool covered(std::string_view pattern, std::initializer_list<std::string_view> earlier) {
  PatternCover cover;
  for (const std::string_view one : earlier) cover.add(one);
  return cover.asked(pattern).covered;
}

std::string random_pattern(test::Dice& dice, int depth = 0) {
  std::string pattern = dice.percent(40) ? "^" : "";
  for (std::size_t i = dice.below(4); i-- > 0;) {
    if (depth < 2 && dice.percent(15)) {
      pattern += "(" + random_pattern(dice, depth + 1) + "|" + random_pattern(dice, depth + 1) + ")";
      if (dice.percent(20)) pattern += "?";
      continue;
    }
    pattern += dice.pick({"a", "b", "/", "\\.", ".", "[ab]", "[^/]", "\\w", "[a-]", "é", "-"});
    if (dice.percent(35)) pattern += dice.pick({"*", "+", "?", "*?"});
  }
  return pattern + (dice.percent(40) ? "$" : "");
}

std::string random_path(test::Dice& dice) {
  std::string path;
  for (std::size_t i = dice.below(7); i-- > 0;) path += dice.pick({"a", "b", "/", ".", "-", "é", "c"});
  return path;
}

bool found(const std::string& pattern, const std::string& path) { return PathPattern(pattern).find(path).has_value(); }

}  // namespace

TEST_CASE("a pattern is covered by an equal or a wider one") {
  CHECK(covered("^prod/", {"^prod/"}));
  CHECK(covered("(?i)x", {"(?i)x"}));
  CHECK(covered("(?i)x{3}", {""}));
  CHECK(covered("(?i)x{3}", {".*"}));
  CHECK(covered("^prod/.*\\.yaml$", {"prod/"}));
  CHECK(covered("^prod/.*\\.yaml$", {"\\.yaml$"}));
  CHECK(covered("\\.enc\\.yaml$", {"\\.ya?ml$"}));
  CHECK(covered("^(dev|prod)/x", {"^dev/", "^prod/"}));
  CHECK(covered("^a/[a-z]+$", {"^a/"}));
  CHECK(covered("^a/b$", {"^a/[^/]+$"}));
  CHECK(covered("^a/b$", {"^.*$"}));
  CHECK_FALSE(covered("prod/", {"^prod/"}));
  CHECK_FALSE(covered("^prod/", {"^prod/.*\\.yaml$"}));
  CHECK_FALSE(covered("\\.yaml", {"\\.yaml$"}));
  CHECK_FALSE(covered("^(dev|prod)/x", {"^dev/"}));
  CHECK_FALSE(covered("^a/b/c$", {"^a/[^/]+$"}));
  CHECK_FALSE(covered("", {"^a"}));
  CHECK_FALSE(covered("a", {}));
}

TEST_CASE("the one that covers alone is named, several together are not") {
  PatternCover cover;
  cover.add("^dev/");
  cover.add("^prod/");
  CHECK(cover.asked("^prod/x").by == 1);
  const auto together = cover.asked("^(dev|prod)/");
  CHECK((together.covered && !together.by));
}

TEST_CASE("cover is never claimed wrongly, on 20,000 random pairs of patterns") {
  test::Dice dice(20261125);
  std::size_t claims = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string wide = random_pattern(dice);
    const std::string narrow = random_pattern(dice);
    if (!covered(narrow, {wide})) continue;
    ++claims;
    for (int j = 0; j < 20; ++j) {
      const std::string path = random_path(dice);
      if (!found(narrow, path)) continue;
      INFO("wide " << wide << ", narrow " << narrow << ", path " << path);
      CHECK(found(wide, path));
    }
  }
  CHECK(claims > 1000);
}

TEST_CASE("loose ends of patterns [C6]") {
  CHECK(loose_ends("prod/").front);
  CHECK_FALSE(loose_ends("prod/").back);
  CHECK(loose_ends("prod/").example == "nonprod/");
  CHECK(loose_ends("^prod").back);
  CHECK(loose_ends("secrets\\.yaml$").front);
  CHECK((loose_ends("(prod|dev)").front && loose_ends("(prod|dev)").back));
  for (const char* good : {"^prod/", "^prod$", "\\.yaml$", ".*", "/prod/", "(^|/)prod/", "^(a|b)/.+", "", "(?i)prod/"}) {
    INFO(good);
    CHECK_FALSE((loose_ends(good).front || loose_ends(good).back));
  }
}

TEST_CASE("hostile patterns cost little") {
  PatternCover cover;
  std::string nested(4000, '(');
  std::string wide;
  for (int i = 0; i < 12; ++i) wide += "(a|b)";
  const std::string stars = std::string(2000, 'a') + ".*";
  for (int i = 0; i < 300; ++i) {
    for (const std::string& pattern : {nested, wide, stars, "[a" + std::to_string(i) + "]*" + std::string(400, '.')}) {
      CHECK_NOTHROW(cover.asked(pattern));
      cover.add(pattern);
    }
  }
}
