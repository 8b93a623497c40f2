// What shells are offered: rows of a line, what is typed, and the candidates. Paths of keys are taken from files that
// are sealed, plain, or damaged.
#include "cli/complete.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

using namespace leafseal;
using namespace leafseal::cli;
using Words = std::vector<std::string>;

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "complete-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) { std::ofstream(path + "/" + name) << text; }
  std::string path;
};

Words offered(const Words& before, const std::string& typed, const Words& after = {}, const std::string& folder = "/",
              char quote = '"') {
  Environment environment;
  environment.directory = folder;
  Words texts;
  for (const Candidate& one : complete(environment, {before, typed, after, quote})) texts.push_back(one.text);
  return texts;
}

std::string answered(Words args, std::map<std::string, std::string, std::less<>> variables = {}) {
  Environment environment;
  environment.args = std::move(args);
  environment.variables = std::move(variables);
  std::string text;
  environment.out = [&](std::string_view piece) { text += piece; };
  REQUIRE(asks_for_completion(environment));
  CHECK(answer_completion(environment) == 0);
  return text;
}

std::string asked(Words words, const std::string& folder = "/") {
  Environment environment;
  environment.directory = folder;
  std::string text;
  environment.out = [&](std::string_view piece) { text += piece; };
  CHECK(run_complete(environment, words) == 0);
  return text;
}

constexpr const char* yaml =
    "db:\n  user: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\n  ports:\n    # c\n    - 1\n    - 2\nplain: x\n"
    "\"a b\": 1\n\"x[y\": 1\nsops:\n  mac: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\n";

}  // namespace

TEST_CASE("commands, flags and values of flags", "[complete]") {
  CHECK(offered({}, "enc") == Words{"encrypt"});
  CHECK(offered({"-i", "--age", "x"}, "enc") == Words{"encrypt"});
  CHECK(offered({}, "nothing").empty());
  CHECK(offered({"completion"}, "") == Words{"bash", "zsh", "fish", "powershell", "help"});
  CHECK(offered({"help"}, "exit") == Words{"exit-codes"});
  CHECK(offered({"help"}, "dec") == Words{"decrypt"});
  CHECK(offered({"decrypt"}, "--ex") == Words{"--extract"});
  CHECK(offered({"decrypt", "f.yaml"}, "--ex") == Words{"--extract"});
  CHECK(offered({"decrypt", "--"}, "--ex").empty());
  CHECK(offered({"decrypt", "--output-type"}, "j") == Words{"json"});
  CHECK(offered({"decrypt"}, "--output-type=j") == Words{"--output-type=json"});
  CHECK(offered({"decrypt", "--output"}, "").empty());  // a file's name
  CHECK(offered({"encrypt"}, "").empty());
  const Words all = offered({"decrypt"}, "-");
  CHECK(std::find(all.begin(), all.end(), "-i") != all.end());
  CHECK(std::find(all.begin(), all.end(), "--in-place") != all.end());
  CHECK(std::find(all.begin(), all.end(), "--age") == all.end());  // encrypt's
}

TEST_CASE("key paths go on by one level", "[complete]") {
  Folder folder;
  folder.write("s.yaml", yaml);
  const auto paths = [&](const std::string& typed, char quote = '"') {
    return offered({"set", "s.yaml"}, typed, {}, folder.path, quote);
  };
  CHECK(paths("") == Words{"[\"db\"]", "[\"plain\"]", "[\"a b\"]"});
  CHECK(paths("[\"p") == Words{"[\"plain\"]"});
  CHECK(paths("['p") == Words{"['plain']"});
  CHECK(paths("", '\'') == Words{"['db']", "['plain']", "['a b']"});
  CHECK(paths("[\"d") == Words{"[\"db\"]", "[\"db\"][\"user\"]", "[\"db\"][\"ports\"]"});
  CHECK(paths("[\"db\"]") == Words{"[\"db\"]", "[\"db\"][\"user\"]", "[\"db\"][\"ports\"]"});
  CHECK(paths("[\"db\"][\"ports\"][") == Words{"[\"db\"][\"ports\"][1]", "[\"db\"][\"ports\"][2]"});  // 0: the comment
  CHECK(paths("[\"nope\"][").empty());
  CHECK(paths("db").empty());
}

TEST_CASE("the file of a key path stands before it, behind it, and may be of any type", "[complete]") {
  Folder folder;
  folder.write("s.yaml", yaml);
  folder.write("s.json", "{\"a\": \"ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\", \"sops\": {}}");
  folder.write("s.env", "A=ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\nsops_version=3\n");
  folder.write("s.ini", "[part]\na = 1\n");
  folder.write("s.txt", "b: 1\n");
  folder.write("broken.yaml", "a: [\n");
  const auto extract = [&](const Words& before, const Words& after) { return offered(before, "", after, folder.path); };
  CHECK(extract({"decrypt", "--extract"}, {"s.json"}) == Words{"[\"a\"]"});
  CHECK(extract({"decrypt", "s.json", "--extract"}, {}) == Words{"[\"a\"]"});
  CHECK(extract({"-d", "--extract"}, {"s.json"}) == Words{"[\"a\"]"});
  CHECK(extract({"unset", "s.env"}, {}) == Words{"[\"A\"]"});
  CHECK(extract({"unset", "s.ini"}, {}) == Words{"[\"part\"]", "[\"part\"][\"a\"]"});
  CHECK(extract({"decrypt", "--extract"}, {}).empty());
  CHECK(extract({"set", "broken.yaml"}, {}).empty());
  CHECK(extract({"set", "none.yaml"}, {}).empty());
  CHECK(extract({"set", "s.txt"}, {}).empty());
  CHECK(extract({"set", "--input-type", "yaml", "s.txt"}, {}) == Words{"[\"b\"]"});
  CHECK(offered({"decrypt"}, "--extract=", {"s.json"}, folder.path) == Words{"--extract=[\"a\"]"});
}

TEST_CASE("bash gets words with their quotes", "[complete]") {
  Folder folder;
  folder.write("s.yaml", yaml);
  folder.write("my file.yaml", "it's: 1\n");
  const auto lines = [&](Words words) { return asked(std::move(words), folder.path); };
  CHECK(lines({"bash", "2", "=", "set", "s.yaml"}) == "'[\"db\"]'\t\n'[\"plain\"]'\t\n'[\"a b\"]'\t\n");
  CHECK(lines({"bash", "2", "='[\"p", "set", "s.yaml"}) == "[\"plain\"]\t\n");
  CHECK(lines({"bash", "2", "=\"['p", "set", "s.yaml"}) == "['plain']\t\n");
  CHECK(lines({"bash", "2", "=\"[\\\"p", "set", "s.yaml"}).empty());  // what \ does there is the shell's business
  CHECK(lines({"bash", "3", "='[\"p", "decrypt", "--extract", "=", "s.yaml"}) == "[\"plain\"]\t\n");
  CHECK(lines({"bash", "2", "==", "decrypt", "--extract", "s.yaml"}) ==
        "'[\"db\"]'\t\n'[\"plain\"]'\t\n'[\"a b\"]'\t\n");
  CHECK(lines({"bash", "2", "=", "set", "'my file.yaml'"}).empty());  // no quotes hold both ' and "
  CHECK(lines({"bash", "9", "=", "decrypt", "--output-type"}) == "yaml\t\njson\t\ndotenv\t\nini\t\nbinary\t\n");
  CHECK(lines({"bash"}).empty());
  CHECK(lines({"powershell", "2", "=", "set", "s.yaml"}) == "['db']\t\n['plain']\t\n['a b']\t\n");
  CHECK(lines({"fish", "2", "='[\"p", "set", "s.yaml"}) == "[\"plain\"]\t\n");
}

TEST_CASE("the reference's protocol: sub-commands, or flags behind a dash", "[complete]") {
  const std::string last = "--generate-bash-completion";
  CHECK_THAT(answered({"sops", last}), Catch::Contains("decrypt\n") && Catch::EndsWith("help\nh\n"));
  CHECK(answered({"sops", "de", last}) == answered({"sops", last}));
  CHECK(answered({"sops", "completion", last}) == "bash\nzsh\nfish\npowershell\nhelp\nh\n");
  CHECK(answered({"sops", "decrypt", last}).empty());
  CHECK(answered({"sops", "decrypt", "f", last}).empty());
  CHECK(answered({"sops", "decrypt", "--ex", last}) == "--extract\n");
  CHECK(answered({"sops", "--ver", last}) == "--version\n--verbose\n");
  CHECK(answered({"sops", "--nope", last}).empty());
  CHECK_THAT(answered({"sops", "decrypt", "-", last}), Catch::Contains("--in-place\n-i\n"));
  CHECK_THAT(answered({"sops", "decrypt", "--", last}), Catch::Contains("--in-place\n") && !Catch::Contains("-i\n-"));
  CHECK_THAT(answered({"sops", last}, {{"_CLI_ZSH_AUTOCOMPLETE_HACK", "1"}}), Catch::Contains("decrypt:print a file"));
}
