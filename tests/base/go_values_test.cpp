#include "base/go_values.hpp"

#include <catch2/catch.hpp>

using namespace leafseal;
using std::chrono::milliseconds;

TEST_CASE("truth as Go's strconv.ParseBool reads it") {
  for (const char* yes : {"1", "t", "T", "true", "TRUE", "True"}) CHECK(parse_go_bool(yes) == true);
  for (const char* no : {"0", "f", "F", "false", "FALSE", "False"}) CHECK(parse_go_bool(no) == false);
  for (const char* neither : {"", "yes", "tRUE", " 1", "01"}) CHECK(!parse_go_bool(neither));
}

TEST_CASE("seconds as Vault's variables write them") {
  CHECK(parse_go_seconds("90") == milliseconds(90'000));
  CHECK(parse_go_seconds("0") == milliseconds(0));
  CHECK(parse_go_seconds("1m30s") == milliseconds(90'000));
  CHECK(parse_go_seconds("500ms") == milliseconds(500));
  CHECK(parse_go_seconds("1.5h") == milliseconds(5'400'000));
  CHECK(parse_go_seconds("999999999999999h") == milliseconds(86'400'000));
  for (const char* bad : {"", "s", "-1", "1.5", "1m30", "1x", "nan", "inf", "1e3", " 1s"}) {
    INFO(bad);
    CHECK(!parse_go_seconds(bad));
  }
}
