// Rules of many files: the config next to a file goes before the one of the working directory.
#include "config/nearest_rules.hpp"

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;

namespace {

constexpr const char* here = "creation_rules:\n  - path_regex: ^prod/\n    encrypted_regex: ^a$\n";

config::NearestRules rules_in(const Folder& folder, bool only_here = false, Ids* warnings = nullptr) {
  const Warn warn = [warnings](const std::string& text) {
    if (warnings != nullptr) warnings->push_back(text);
  };
  std::optional<Config> config;
  if (std::filesystem::exists(folder.path + "/.sops.yaml")) config = load_config(".sops.yaml", warn, folder.path);
  return {std::move(config), folder.path, only_here, false, warn};
}

}  // namespace

TEST_CASE("a file is covered by the nearest config, else by the one of the working directory") {
  const Folder folder;
  folder.write(".sops.yaml", here);
  folder.write("team/.sops.yaml", "creation_rules:\n  - path_regex: ^deep/.*\\.yaml$\n    encrypted_suffix: _x\n");
  folder.write("prod/.sops.yaml", "creation_rules:\n  - path_regex: ^only-this$\n");
  auto rules = rules_in(folder);
  const auto near = rules.covering(folder.path + "/team/deep/er/f.yaml");
  REQUIRE(near);
  CHECK(near->config == "team/.sops.yaml");
  CHECK((near->rule.place.line == 2 && near->rule.selection == SelectionRule{SelectionKind::encrypted_suffix, "_x"}));
  CHECK_FALSE(rules.covering(folder.path + "/team/f.yaml"));
  const auto above = rules.covering(folder.path + "/prod/f.yaml");
  REQUIRE(above);
  CHECK(above->config == ".sops.yaml");
  CHECK_FALSE(above->rule.every_file);
  CHECK_FALSE(rules.covering(folder.path + "/f.yaml"));
}

TEST_CASE("with a config that somebody named, no other is asked") {
  const Folder folder;
  folder.write(".sops.yaml", here);
  folder.write("team/.sops.yaml", "creation_rules: [{}]\n");
  CHECK_FALSE(rules_in(folder, true).covering(folder.path + "/team/f.yaml"));
  const auto nested = rules_in(folder).covering(folder.path + "/team/f.yaml");
  REQUIRE(nested);
  CHECK(nested->rule.every_file);
}

TEST_CASE("without a config in the working directory, those of files outside count") {
  const Folder folder;
  const Folder outside;
  outside.write(".sops.yaml", "creation_rules: [{path_regex: yaml$}]\n");
  auto rules = rules_in(folder);
  const auto found = rules.covering(outside.path + "/x/f.yaml");
  REQUIRE(found);
  CHECK(found->config == outside.path + "/.sops.yaml");
  CHECK_FALSE(rules.covering(folder.path + "/f.yaml"));
}

TEST_CASE("each config is read once, also for hundreds of files") {
  const Folder folder;
  folder.write("team/.sops.yaml", "creation_rules: [{agee: x}]\n");
  Ids warnings;
  auto rules = rules_in(folder, false, &warnings);
  for (int i = 0; i < 300; ++i) CHECK(rules.covering(folder.path + "/team/d" + std::to_string(i % 7) + "/f.yaml"));
  CHECK(warnings.size() == 1);
}

TEST_CASE("a rule that cannot be found out is an error with its place") {
  const Folder folder;
  folder.write("team/.sops.yaml", "creation_rules:\n  - path_regex: (\n");
  auto rules = rules_in(folder);
  try {
    rules.covering(folder.path + "/team/f.yaml");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK((error.place().line == 2 && error.place().column == 17));
    CHECK(error.hints().back().starts_with("see team/.sops.yaml, line 2"));
  }
}
