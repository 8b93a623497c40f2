// Which rule takes a file, and why the others do not.
#include "config/explain.hpp"

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;
using config::Verdict;

TEST_CASE("each rule says why it takes a file or not [C6]") {
  const Loaded loaded("creation_rules:\n  - path_regex: ^dev/\n  - path_regex: prod/\n  - {}\n");
  const auto verdicts = config::explain(loaded.config, "/r/nonprod/f.yaml");
  REQUIRE(verdicts.size() == 3);
  CHECK((verdicts[0].verdict == Verdict::not_found && verdicts[0].place.line == 2));
  CHECK((verdicts[1].verdict == Verdict::found && verdicts[1].part_begin == 3 && verdicts[1].part_size == 5));
  CHECK((verdicts[2].verdict == Verdict::not_asked && verdicts[2].place.line == 4));
  CHECK(config::found_inside_a_name("nonprod/f.yaml", verdicts[1]));
  const auto other = config::explain(loaded.config, "/r/prod/f.yaml");
  CHECK_FALSE(config::found_inside_a_name("prod/f.yaml", other[1]));
  CHECK(config::explain(loaded.config, "/elsewhere/f.yaml")[2].verdict == Verdict::every_file);
}

TEST_CASE("the verdicts are what rule_for goes by [C6]") {
  const Loaded loaded("creation_rules:\n  - path_regex: a\n    encrypted_suffix: _1\n  - path_regex: b$\n    encrypted_suffix: _2\n");
  for (const char* file : {"/r/a", "/r/b", "/r/xbx", "/r/c/b", "/q/b", "/r/ab"}) {
    INFO(file);
    const auto verdicts = config::explain(loaded.config, file);
    std::string decided;
    for (const auto& verdict : verdicts) {
      if (verdict.verdict == Verdict::found) decided = verdict.place.line == 2 ? "_1" : "_2";
    }
    if (decided.empty()) {
      CHECK_THROWS_AS(loaded.config.rule_for(file), Error);
    } else {
      CHECK(loaded.config.rule_for(file)->selections.at(0).pattern == decided);
    }
  }
}

TEST_CASE("a pattern that does not compile ends the search") {
  const Loaded loaded("creation_rules:\n  - path_regex: (\n  - {}\n");
  const auto verdicts = config::explain(loaded.config, "/r/f");
  CHECK((verdicts[0].verdict == Verdict::broken && verdicts[0].problem.find("missing closing )") != std::string::npos));
  CHECK(verdicts[1].verdict == Verdict::not_asked);
  CHECK(config::explain(Loaded("stores: {}\n").config, "/r/f").empty());
}
