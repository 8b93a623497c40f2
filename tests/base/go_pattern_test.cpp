#include "base/go_pattern.hpp"

#include <catch2/catch.hpp>

using leafseal::re2_pattern;

TEST_CASE("only named groups are spelled anew") {
  CHECK(re2_pattern("^(?<n>a)(?P<m>b)") == "^(?P<n>a)(?P<m>b)");
  for (const char* same : {"", "a\\(?<n>", "[(?<n>]", "[]](?:x)", "[^](?<]", "[[:alpha:](?<]", "\\Q(?<n>\\E",
                           "\\Q(?<n>", "\\", "[", "[\\", "[[:", "(?i)x"}) {
    CHECK(re2_pattern(same) == same);
  }
  CHECK(re2_pattern("[]](?<n>x)") == "[]](?P<n>x)");
  CHECK(re2_pattern("\\Q(\\E(?<n>x)") == "\\Q(\\E(?P<n>x)");
}
