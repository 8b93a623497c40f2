#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;

TEST_CASE("the config is looked for upwards, and only under its name") {
  const Folder folder;
  Ids warnings;
  const Warn warn = [&](const std::string& text) { warnings.push_back(text); };
  folder.write("a/b/c/file", "");
  folder.write("a/b/.sops.yml", "");
  CHECK(find_config(folder.path + "/a/b/c", false, warn).empty());
  CHECK(warnings == Ids{"ignoring \"../.sops.yml\" when searching for config file; the config file must be called "
                        "\".sops.yaml\""});
  warnings.clear();
  folder.write("a/.sops.yaml", "");
  CHECK(find_config(folder.path + "/a/b/c", false, warn) == "../../.sops.yaml");
  CHECK(warnings.at(0).ends_with("\".sops.yaml\"; using \"../../.sops.yaml\" instead"));
  CHECK(find_config(folder.path + "/a", false, warn) == ".sops.yaml");
  CHECK(load_config("../../.sops.yaml", warn, folder.path + "/a/b/c").directory == folder.path + "/a");
  CHECK_THROWS_WITH(load_config("nowhere.yaml", warn, folder.path),
                    "could not read config file: open nowhere.yaml: no such file or directory");
  CHECK_THROWS_WITH(load_config("a", warn, folder.path), "could not read config file: read a: is a directory");
  CHECK(!load_config("/dev/null", warn).has_rules);
}

TEST_CASE("a config that others may write is warned of, and refused under strict [C4]") {
  const Folder folder;
  folder.write(".sops.yaml", "");
  Ids warnings;
  const Warn warn = [&](const std::string& text) { warnings.push_back(text); };
  find_config(folder.path, true, warn);
  CHECK(warnings.empty());
  const std::string path = folder.path + "/.sops.yaml";
  REQUIRE(chmod(path.c_str(), 0666) == 0);
  CHECK(find_config(folder.path, false, warn) == ".sops.yaml");
  CHECK(warnings == Ids{"the config file .sops.yaml can be changed by everybody"});
  CHECK_THROWS_AS(find_config(folder.path, true, warn), Error);
  if (geteuid() != 0) return;
  REQUIRE(chmod(path.c_str(), 0644) == 0);
  REQUIRE(chown(path.c_str(), 12345, 12345) == 0);
  warnings.clear();
  find_config(folder.path, false, warn);
  CHECK(warnings == Ids{"the config file .sops.yaml belongs to another user"});
}
