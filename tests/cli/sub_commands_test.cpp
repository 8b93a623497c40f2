// Commands that have commands: which one runs, what help shows at each level, and the reference's answer to a name that
// is none (cli.md 1.1).
#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "leafseal/error.hpp"

namespace {

using namespace leafseal;
using namespace leafseal::cli;
using Words = std::vector<std::string>;

constexpr auto add_flags = joined(std::to_array<Flag>({{"file", 'f', FlagKind::text, "", "FILE", "the file"}}), own_flags);

int run_add(Environment& environment, const CommandLine& line) {
  environment.out("add " + line.options.text("file").value_or("none"));
  for (const std::string& word : line.options.words) environment.out(" " + word);
  return environment.verbose ? 11 : 10;
}

constinit const Command add = {"add", "-f FILE", "add one", "", add_flags, run_add};
constinit const Command remove_one = {"delete", "N", "remove one", "", own_flags, run_add};
constexpr std::array below = std::to_array<const Command*>({&add, &remove_one});
constinit const Command shelf = {"shelf", "add|delete", "work on shelves", "", own_flags, nullptr, below};

struct Run {
  int code = 0;
  std::string out;
};

Run run(Words args) {
  Run result;
  Environment environment;
  environment.args = std::move(args);
  environment.out = [&](std::string_view text) { result.out += text; };
  environment.err = [](std::string_view) {};
  const Options global = parse_options(own_flags, environment.args, environment.args.size(), FlagPosition::anywhere, environment);
  result.code = run_command(environment, shelf, "shelf", global, 2);
  return result;
}

}  // namespace

TEST_CASE("a sub-command gets its own flags and words", "[sub_commands]") {
  const Run done = run({"leafseal", "shelf", "add", "a", "-f", "x", "b"});
  CHECK(done.code == 10);
  CHECK(done.out == "add x a b");
}

TEST_CASE("leafseal's own flags stand in front of a sub-command too", "[sub_commands]") {
  CHECK(run({"leafseal", "shelf", "--verbose", "add"}).code == 11);
}

TEST_CASE("help shows the commands of its level", "[sub_commands]") {
  const auto args = GENERATE(values<Words>({{"leafseal", "shelf"}, {"leafseal", "shelf", "-h"}, {"leafseal", "shelf", "help"}}));
  const Run done = run(args);
  CHECK(done.code == 0);
  CHECK(done.out.find("leafseal shelf add|delete: work on shelves\n") != std::string::npos);
  CHECK(done.out.find("  add           add one\n  delete        remove one\n") != std::string::npos);
}

TEST_CASE("help of a sub-command, asked for in each way", "[sub_commands]") {
  const auto args = GENERATE(values<Words>({{"leafseal", "shelf", "add", "--help"},
                                            {"leafseal", "shelf", "help", "add"},
                                            {"leafseal", "shelf", "h", "add", "more"}}));
  const Run done = run(args);
  CHECK(done.code == 0);
  CHECK(done.out.find("leafseal shelf add -f FILE: add one\n") != std::string::npos);
  CHECK(done.out.find("--file, -f FILE") != std::string::npos);
}

TEST_CASE("a name that is no sub-command has no help topic", "[sub_commands]") {
  const auto args = GENERATE(values<Words>({{"leafseal", "shelf", "ad"}, {"leafseal", "shelf", "help", "ad"}}));
  try {
    run(args);
    FAIL("ran");
  } catch (const Error& error) {
    CHECK(error.what() == std::string("No help topic for 'ad'"));
    CHECK(error.code() == ExitCode::could_not_write_output);
    CHECK(error.hints() == Words{"`shelf` has: add, delete"});
  }
}
