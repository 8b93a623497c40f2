// Types and canonical texts of scalars: the table of the format's specification (6.1, 2.3), each row checked with the
// reference.
#include "formats/yaml_scalar.hpp"

#include <catch2/catch.hpp>

#include "formats/yaml_rows.hpp"

namespace leafseal::test {
namespace {

struct Case {
  const char* text;
  const char* type;
  const char* canonical;
};

void check(const std::optional<yaml::Resolved>& found, const char* type, std::string_view canonical) {
  REQUIRE(found);
  CHECK(std::string(row_type(found->type)) == type);
  CHECK((found->made.empty() ? found->text : std::string_view(found->made)) == canonical);
}

}  // namespace

TEST_CASE("yaml: plain scalars have the reference's types and canonical texts") {
  const Case cases[] = {
      {"", "null", ""}, {"~", "null", ""}, {"Null", "null", ""}, {"nULL", "str", "nULL"},
      {"TRUE", "bool", "True"}, {"false", "bool", "False"}, {"tRUE", "str", "tRUE"}, {"yes", "str", "yes"},
      {"on", "str", "on"}, {"n", "str", "n"}, {"<<", "str", "<<"}, {"=", "str", "="},
      {".nan", "float", "NaN"}, {".Nan", "str", ".Nan"}, {"+.INF", "float", "+Inf"}, {"-.inf", "float", "-Inf"},
      {"-.nan", "str", "-.nan"}, {".5", "float", "0.5"}, {".5_0", "float", "0.5"}, {".5_", "str", ".5_"},
      {".", "str", "."}, {".e3", "str", ".e3"}, {"5", "int", "5"}, {"+5", "int", "5"}, {"-0", "int", "0"},
      {"1__0", "int", "10"}, {"_1", "str", "_1"}, {"0777", "int", "511"}, {"00", "int", "0"}, {"0_7", "int", "7"},
      {"0x1F", "int", "31"}, {"-0X1f", "int", "-31"}, {"0o17", "int", "15"}, {"0b101", "int", "5"},
      {"0b-1", "int", "-1"}, {"0o+7", "int", "7"}, {"-0b-1", "str", "-0b-1"}, {"0o", "str", "0o"}, {"0x", "str", "0x"},
      {"0b12", "str", "0b12"}, {"08", "float", "8"}, {"1.", "float", "1"}, {"1.50", "float", "1.5"},
      {"1e3", "float", "1000"}, {"1_000.5", "float", "1000.5"}, {"-0.0", "float", "-0"}, {"1e400", "str", "1e400"},
      {"1:30", "str", "1:30"}, {"1.2.3", "str", "1.2.3"}, {"+", "str", "+"}, {"-", "str", "-"},
      {"9223372036854775807", "int", "9223372036854775807"}, {"-9223372036854775808", "int", "-9223372036854775808"},
      {"-9223372036854775809", "float", "-9223372036854776000"}, {"18446744073709551616", "float", "18446744073709552000"},
      {"12345678901234567890123", "float", "12345678901234568000000"}, {"1e21", "float", "1000000000000000000000"},
      {"2001-12-14", "time", "2001-12-14T00:00:00Z"}, {"2001-1-4", "time", "2001-01-04T00:00:00Z"},
      {"2001-12-14t21:59:43.10-05:00", "time", "2001-12-14T21:59:43.1-05:00"},
      {"2001-12-14  1:2:3.5", "time", "2001-12-14T01:02:03.5Z"}, {"2001-12-14 21:59:43.10 -5", "str", "2001-12-14 21:59:43.10 -5"},
      {"2001-02-30", "str", "2001-02-30"}, {"2001-12-14T21:59:43Z", "time", "2001-12-14T21:59:43Z"},
      {"2001-12-14T21:59:43", "str", "2001-12-14T21:59:43"}, {"20011-1-1", "str", "20011-1-1"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    check(yaml::resolve_scalar(yaml::ScalarTag::none, Style::plain, c.text), c.type, c.canonical);
    check(yaml::resolve_scalar(yaml::ScalarTag::none, Style::single_quoted, c.text), "str", c.text);
  }
}

TEST_CASE("yaml: integers beyond 64 bits with sign are marked") {
  CHECK(yaml::resolve_scalar(yaml::ScalarTag::none, Style::plain, "9223372036854775808")->beyond_int64);
  CHECK(yaml::resolve_scalar(yaml::ScalarTag::none, Style::plain, "0xFFFFFFFFFFFFFFFF")->beyond_int64);
  CHECK_FALSE(yaml::resolve_scalar(yaml::ScalarTag::none, Style::plain, "9223372036854775807")->beyond_int64);
}

TEST_CASE("yaml: a tag decides, or is impossible") {
  using yaml::ScalarTag;
  const struct {
    const char* tag;
    const char* text;
    const char* type;
    const char* canonical;
  } cases[] = {
      {"!!str", "5", "str", "5"}, {"!!int", "0x10", "int", "16"}, {"!!float", "3", "float", "3"},
      {"!!float", "0x1F", "float", "31"}, {"!!bool", "true", "bool", "True"}, {"!!null", "", "null", ""},
      {"!!timestamp", "2001-01-01", "time", "2001-01-01T00:00:00Z"}, {"!!binary", "aGk=", "str", "hi"},
      {"!!binary", "aG\nk=", "str", "hi"}, {"!!set", "1", "str", "1"}, {"!Custom", "1", "str", "1"},
      {"!", "12", "int", "12"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.tag, c.text);
    const std::string_view tag = c.tag;
    const ScalarTag core = tag.starts_with("!!") ? yaml::scalar_tag("tag:yaml.org,2002:", tag.substr(2))
                                                 : yaml::scalar_tag(tag, "");
    check(yaml::resolve_scalar(core, Style::plain, c.text), c.type, c.canonical);
  }
  CHECK_FALSE(yaml::resolve_scalar(ScalarTag::integer, Style::plain, "foo"));
  CHECK_FALSE(yaml::resolve_scalar(ScalarTag::integer, Style::plain, "1.5"));
  CHECK_FALSE(yaml::resolve_scalar(ScalarTag::integer, Style::plain, ""));
  CHECK_FALSE(yaml::resolve_scalar(ScalarTag::boolean, Style::plain, "yes"));
  CHECK_FALSE(yaml::resolve_scalar(ScalarTag::null, Style::plain, "x"));
  CHECK_FALSE(yaml::resolve_scalar(ScalarTag::binary, Style::plain, "a"));
  check(yaml::resolve_scalar(ScalarTag::integer, Style::double_quoted, "7"), "int", "7");
}

}  // namespace leafseal::test
