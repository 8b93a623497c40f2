#include <catch2/catch.hpp>
#include <ctime>

#include "leafseal/selection.hpp"

using namespace leafseal;

namespace {

bool selects(SelectionKind kind, const std::string& pattern, const std::vector<std::string>& path) {
  const Selection selection({kind, pattern});
  Selection::Cursor cursor(selection);
  for (std::size_t i = 0; i + 1 < path.size(); ++i) cursor.enter(path[i]);
  return cursor.leaf(path.back());
}

}  // namespace

TEST_CASE("key rules look at every key of the path", "[selection]") {
  using K = SelectionKind;
  CHECK(selects(K::unencrypted_suffix, "_unencrypted", {"a", "b"}));
  CHECK_FALSE(selects(K::unencrypted_suffix, "_unencrypted", {"a_unencrypted", "b"}));
  CHECK_FALSE(selects(K::unencrypted_suffix, "_unencrypted", {"_unencrypted"}));
  CHECK_FALSE(selects(K::encrypted_suffix, "_secret", {"a"}));
  CHECK(selects(K::encrypted_suffix, "_secret", {"a_secret", "b", "c"}));
  CHECK(selects(K::encrypted_regex, "^(data|stringData)$", {"data", "password"}));
  CHECK_FALSE(selects(K::encrypted_regex, "^(data|stringData)$", {"metadata", "name"}));
  CHECK_FALSE(selects(K::unencrypted_regex, "(?i)PUBLIC", {"my_public_key"}));
  CHECK(selects(K::encrypted_regex, "^$", {""}));
}

TEST_CASE("a run of comments covers the next sibling and all in it, and no more", "[selection]") {
  const Selection selection({SelectionKind::encrypted_comment_regex, "sops:enc"});
  Selection::Cursor cursor(selection);
  CHECK_FALSE(cursor.comment(" note 1", false));
  CHECK_FALSE(cursor.comment(" sops:enc", false));  // never selects itself
  CHECK(cursor.comment(" note 2", false));
  cursor.enter("map");
  CHECK(cursor.leaf("inner"));
  CHECK(cursor.leaf("second"));
  cursor.leave();
  CHECK_FALSE(cursor.leaf("next"));
}

TEST_CASE("a comment that matches unencrypted_comment_regex keeps itself and the rest of its run plain", "[selection]") {
  const Selection selection({SelectionKind::unencrypted_comment_regex, "sops:dec"});
  Selection::Cursor cursor(selection);
  CHECK(cursor.comment(" earlier", false));
  CHECK_FALSE(cursor.comment(" sops:dec", false));
  CHECK_FALSE(cursor.comment(" later", false));
  CHECK_FALSE(cursor.leaf("covered"));
  CHECK(cursor.leaf("next"));
}

TEST_CASE("patterns are RE2: what it does not know is broken and never matches [C1]", "[selection]") {
  for (const char* pattern : {"^(?!public)", "(", "(a)\\1"}) {
    const Selection selection({SelectionKind::encrypted_regex, pattern});
    CHECK_FALSE(selection.broken().empty());
    CHECK_FALSE(selection.matches("public"));
  }
  CHECK(Selection({SelectionKind::encrypted_regex, R"(\pL\z)"}).matches("é"));
  CHECK_FALSE(Selection({SelectionKind::encrypted_regex, std::string(4097, 'a')}).broken().empty());
}

TEST_CASE("hostile patterns take linear time [C3]", "[selection]") {
  const auto milliseconds = [](const char* pattern, const std::string& text) {
    const Selection selection({SelectionKind::encrypted_regex, pattern});
    const auto start = std::clock();
    selection.matches(text);
    return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  CHECK(milliseconds("^(a+)+$", std::string(28, 'a') + "!") < 10);
  CHECK(milliseconds("^(a|b)*$", std::string(300'000, 'a')) < 100);
}

TEST_CASE("two thousand comments in one run cost one match each", "[selection]") {
  const Selection selection({SelectionKind::encrypted_comment_regex, "x$"});
  Selection::Cursor cursor(selection);
  for (int i = 0; i < 2000; ++i) CHECK_FALSE(cursor.comment(" line", false));
  CHECK_FALSE(cursor.leaf("a"));
}
