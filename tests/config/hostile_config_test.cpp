#include <catch2/catch.hpp>

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;

namespace {

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

// Anchors a0, a1, ... each of which holds the one before it twice, or once.
std::string ladder(const std::string& first, const std::string& member, int steps, bool twice) {
  std::string out = "a0: &a0 " + first + "\n";
  for (int i = 1; i < steps; ++i) {
    const std::string name = "a" + std::to_string(i);
    const std::string below = "*a" + std::to_string(i - 1);
    out += name + ": &" + name + " {" + member + ": [" + below + (twice ? ", " + below : "") + "]}\n";
  }
  return out;
}

}  // namespace

TEST_CASE("nesting without end is an error, soon [P1] [P2]") {
  for (const char* opening : {"[", "{a: ", "- ", "&a [", "? ", "{", "[{", "!!x [", "'a': {"}) {
    INFO(opening);
    CHECK(refusal("creation_rules: " + repeated(opening, 100'000)).code == ExitCode::generic);
    CHECK(refusal(repeated(opening, 100'000)).code == ExitCode::generic);
  }
  std::string indented;
  for (int i = 0; i < 1400; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(refusal(indented).code == ExitCode::generic);
}

TEST_CASE("aliases cannot make a small config large [P1]") {
  const std::string rule = "creation_rules:\n- ";
  const auto message = [](const std::string& text) { return refusal(text).message; };
  CHECK(message(ladder("{pgp: [x]}", "merge", 60, true) + rule + "key_groups: [*a59]").find("excessive aliasing") !=
        std::string::npos);
  CHECK(message(ladder("{k: 1}", "<<", 60, true) + rule + "<<: *a59").find("excessive aliasing") != std::string::npos);
  CHECK(message(ladder("[1, 2]", "x", 60, true) + rule + "age: *a59").find("excessive aliasing") != std::string::npos);
  CHECK(message(ladder("{pgp: [x]}", "merge", 20'000, false) + rule + "key_groups: [*a19999]")
            .find("merged more than 100 deep") != std::string::npos);
  CHECK(message("a: &a [*a]").find("contains itself") != std::string::npos);
  CHECK(message("a: [*nowhere]").find("anchor") != std::string::npos);
}

TEST_CASE("size, encoding and numbers are bounded [P1] [P5]") {
  const auto message = [](const std::string& text) { return refusal(text).message; };
  CHECK(message("a: b\nc: \xff\n").find("invalid UTF-8") != std::string::npos);
  CHECK(refusal("a: b\nc: \xff\n").place.line == 2);
  const Folder folder;
  folder.write(".sops.yaml", std::string((1 << 20) + 1, '#'));
  CHECK_THROWS_WITH(load_config(".sops.yaml", nullptr, folder.path),
                    "error loading config: .sops.yaml is larger than 1 MiB");
  CHECK(message("creation_rules:\n- key_groups:\n  - pgp: [x" + repeated(",x", 1000) + "]\n")
            .find("more than 1000 recipients") != std::string::npos);
  CHECK(message("creation_rules:\n- shamir_threshold: 99999999999999999999999\n").find("into int") !=
        std::string::npos);
  CHECK(Loaded("creation_rules:\n- shamir_threshold: 9223372036854775807\n").config.rule_for("/r/x")->keys.threshold ==
        2147483647);
}

TEST_CASE("control characters of a config do not reach the terminal [L4]") {
  for (const std::string text : {"creation_rules:\n- age: \"\\e[31m\"\n", "creation_rules:\n- path_regex: \"(\\e\"\n",
                                 "creation_rules: \"\\e[31m\"\n", "creation_rules:\n- {\"\\e\": 1, \"\\e\": 1}\n"}) {
    const Refusal refused = refusal(text);
    CHECK(refused.code == ExitCode::generic);
    CHECK(refused.message.find('\x1b') == std::string::npos);
    CHECK(refused.message.find("\\x1b") != std::string::npos);
  }
}
