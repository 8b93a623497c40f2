// The flag grammar of cli.md 1.1: each row is a command line and what it means.
#include "cli/options.hpp"

#include <catch2/catch.hpp>

#include "leafseal/error.hpp"

namespace {

using namespace leafseal;
using namespace leafseal::cli;

constexpr auto flags = std::to_array<Flag>({
    {"in-place", 'i', FlagKind::toggle, "", "", ""},
    {"local", '\0', FlagKind::toggle, "T_LOCAL", "", ""},
    {"output", 'o', FlagKind::text, "T_OUTPUT", "FILE", ""},
    {"service", '\0', FlagKind::list, "T_SERVICE", "URI", ""},
    {"indent", '\0', FlagKind::number, "", "N", ""},
});

Options parse(std::vector<std::string> args, std::map<std::string, std::string, std::less<>> variables = {},
              FlagPosition position = FlagPosition::anywhere) {
  Environment environment;
  environment.variables = std::move(variables);
  static std::vector<std::string> kept;
  kept = std::move(args);
  return parse_options(flags, kept, 0, position, environment);
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("one dash or two, a value behind or after =", "[options]") {
  const auto args = GENERATE(values<Words>(
      {{"-output", "x", "F"}, {"--output", "x", "F"}, {"--output=x", "F"}, {"-o=x", "F"}, {"-o", "x", "F"}, {"F", "-o", "x"}}));
  const Options options = parse(args);
  CHECK(options.text("output") == "x");
  CHECK(options.words == Words{"F"});
}

TEST_CASE("switches take a value only after =", "[options]") {
  CHECK(parse({"-i"}).on("in-place"));
  CHECK(parse({"--in-place=T"}).on("in-place"));
  CHECK_FALSE(parse({"--in-place=False"}).on("in-place"));
  const Options options = parse({"--in-place", "false"});
  CHECK(options.on("in-place"));
  CHECK(options.words == Words{"false"});
}

TEST_CASE("switches behind a word take no word along", "[options]") {
  const Options options = parse({"F", "-i", "PATH", "VALUE"});
  CHECK(options.on("in-place"));
  CHECK(options.words == Words{"F", "PATH", "VALUE"});
}

TEST_CASE("an unknown flag behind a word is a word", "[options]") {
  CHECK(parse({"F", "PATH", "-5"}).words == Words{"F", "PATH", "-5"});
  CHECK(parse({"F", "--", "-i"}).words == Words{"F", "-i"});
  CHECK(parse({"--", "-i"}).words == Words{"-i"});
  CHECK(parse({"-"}).words == Words{"-"});
}

TEST_CASE("the last value wins, lists add up", "[options]") {
  const Options options = parse({"--output", "a", "--output", "b", "--service", "x", "--service=y"});
  CHECK(options.text("output") == "b");
  CHECK(options.list("service") == Words{"x", "y"});
  CHECK(parse({"--indent", "-1"}).number("indent") == -1);
}

TEST_CASE("numbers are written as in Go", "[options]") {
  const auto [text, number] = GENERATE(table<std::string, int>(
      {{"4", 4}, {"+4", 4}, {"0", 0}, {"0x10", 16}, {"010", 8}, {"0o10", 8}, {"0b11", 3}, {"1_0", 10}, {"-0x2", -2}}));
  CHECK(parse({"--indent", text}).number("indent") == number);
  const auto bad = GENERATE(values<std::string>({"", "x", "1.5", "--4", "0x", "99999999999", "08"}));
  CHECK_THROWS_WITH(parse({"--indent", bad}), "invalid value \"" + bad + "\" for flag -indent: parse error");
}

TEST_CASE("variables stand in for absent flags", "[options]") {
  CHECK(parse({}, {{"T_OUTPUT", "v"}}).text("output") == "v");
  CHECK(parse({"--output", "f"}, {{"T_OUTPUT", "v"}}).text("output") == "f");
  CHECK_FALSE(parse({}, {{"T_OUTPUT", ""}}).given("output"));
  CHECK(parse({}, {{"T_SERVICE", "a, b"}}).list("service") == Words{"a", "b"});
  CHECK(parse({}, {{"T_LOCAL", "t"}}).on("local"));
  const Options empty = parse({}, {{"T_LOCAL", ""}});  // an empty switch is off, not absent
  CHECK(empty.given("local"));
  CHECK_FALSE(empty.on("local"));
}

TEST_CASE("global flags end at the first word", "[options]") {
  Environment environment;
  std::size_t next = 0;
  const Words args = {"prog", "-i", "encrypt", "--output", "x"};
  const Options options = parse_options(flags, args, 1, FlagPosition::stop_at_word, environment, &next);
  CHECK(options.on("in-place"));
  CHECK_FALSE(options.given("output"));
  CHECK(next == 2);
}

TEST_CASE("usage errors", "[options]") {
  const auto [args, message] = GENERATE(table<Words, std::string>({
      {{"--nope"}, "flag provided but not defined: -nope"},
      {{"-io", "x"}, "flag provided but not defined: -io"},
      {{"--output"}, "flag needs an argument: -output"},
      {{"F", "-o"}, "flag needs an argument: -o"},
      {{"--in-place=zz"}, "invalid boolean value \"zz\" for -in-place: parse error"},
      {{"--indent", "x"}, "invalid value \"x\" for flag -indent: parse error"},
      {{"-o", "a", "--output", "b"}, "Cannot use two forms of the same flag: o output"},
      {{"---x"}, "bad flag syntax: ---x"},
  }));
  CHECK_THROWS_WITH(parse(args), message);
}

TEST_CASE("a switch's variable that is no boolean ends the run", "[options]") {
  CHECK_THROWS_WITH(parse({}, {{"T_LOCAL", "zz"}}), Catch::StartsWith("could not parse zz as bool value for flag local: "));
}

TEST_CASE("a misspelt flag is answered with the nearest one", "[options]") {
  try {
    parse({"--ouput", "x"});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.hints() == Words{"did you mean --output?"});
  }
}

TEST_CASE("the nearest flag is one letter off, or has the word in its name", "[options]") {
  CHECK(nearest_flag(flags, "ouptut") == "output");
  CHECK(nearest_flag(flags, "plac") == "in-place");
  CHECK(nearest_flag(flags, "serv") == "service");
  CHECK(nearest_flag(flags, "e").empty());
  CHECK(nearest_flag(flags, "unheard-of").empty());
}

TEST_CASE("bundled letters get a hint", "[options]") {
  constexpr auto letters = std::to_array<Flag>(
      {{"in-place", 'i', FlagKind::toggle, "", "", ""}, {"decrypt", 'd', FlagKind::toggle, "", "", ""}});
  try {
    const Words args = {"-id"};
    parse_options(letters, args, 0, FlagPosition::anywhere, Environment());
    FAIL("accepted");
  } catch (const UsageError& error) {
    CHECK(error.unknown_flag == "id");
    CHECK(error.hints() == Words{"write each letter with a dash of its own"});
  }
}

TEST_CASE("a level takes over what another one spells out, unless it does so itself", "[options]") {
  const Options front = parse({"--output", "front", "--service", "s"}, {{"T_LOCAL", "true"}});
  const std::vector<std::string> args = {"--service", "own"};
  Options options = parse_options(flags, args, 0, FlagPosition::anywhere, Environment());
  for (const std::string_view name : {"output", "service", "local"}) options.adopt(front, name);
  CHECK(options.text("output") == "front");
  CHECK(options.list("service") == Words{"own"});
  CHECK_FALSE(options.given("local"));  // a variable is no command line
}
