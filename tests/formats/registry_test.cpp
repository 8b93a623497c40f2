#include <catch2/catch.hpp>

#include "leafseal/format.hpp"

using namespace leafseal;

TEST_CASE("formats by file name and by word", "[registry]") {
  struct Row {
    const char *file, *name;
  };
  const Row rows[] = {{"a.yaml", "yaml"},  {"a.yml", "yaml"}, {"dir/a.json", "json"}, {".env", "dotenv"},
                      {"a.env", "dotenv"}, {"a.ini", "ini"},  {"a.txt", "binary"},    {"a.YAML", "binary"},
                      {"yaml", "binary"},  {"", "binary"}};
  for (const Row& row : rows) {
    CAPTURE(row.file);
    CHECK(format_for_file(row.file).name() == row.name);
    CHECK(format_by_name(row.name) == &format_for_file(row.file));
    CHECK(&format_by_id(format_for_file(row.file).id()) == &format_for_file(row.file));
  }
  CHECK(format_by_name("weird") == nullptr);
}
