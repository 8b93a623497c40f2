// Lint finds what is wrong in a config, with its place.
#include "config/lint.hpp"

#include <nlohmann/json.hpp>

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;

namespace {

constexpr const char* kim = "age13pk5gaa7f0tchpugk76h4mug0nyd8ds6awgdah6sllr4k9eymvvqdn9u8a";

std::string with_rules(const std::string& rules) {
  std::string text = "x-kim: &kim " + std::string(kim) + "\ncreation_rules:\n" + rules;
  return text;
}

// `LINE:COLUMN: text`, warnings with a `~` in front.
Ids lines(const std::string& text) {
  Ids out;
  for (const config::LintFinding& finding : config::lint(text)) {
    out.push_back((finding.warning ? "~" : "") + std::to_string(finding.place.line) + ":" +
                  std::to_string(finding.place.column) + ": " + finding.text);
  }
  return out;
}

std::string only(const std::string& text) {
  const Ids found = lines(text);
  INFO(text);
  REQUIRE(found.size() == 1);
  return found[0];
}

}  // namespace

TEST_CASE("lint has nothing against a good config") {
  CHECK(lines(with_rules("  - path_regex: ^prod/\n    age: *kim\n  - age: [*kim]\n")).empty());
  std::ifstream file(TESTDATA "/../.sops.yaml.example", std::ios::binary);
  std::ostringstream example;
  example << file.rdbuf();
  CHECK(lines(example.str()).empty());
}

TEST_CASE("lint finds rules that never decide") {
  CHECK(only(with_rules("  - age: *kim\n  - path_regex: ^a/\n    age: *kim\n")) ==
        "4:5: this rule never decides: every file it would take is taken by the one at line 3");
  CHECK(only(with_rules("  - path_regex: ^a/\n    age: *kim\n  - path_regex: ^a/\n    age: *kim\n")).starts_with("5:5: "));
  CHECK(only(with_rules("  - path_regex: \\.yaml$\n    age: *kim\n  - path_regex: ^a/.*\\.yaml$\n    age: *kim\n"))
            .ends_with("the one at line 3"));
  CHECK(only(with_rules("  - path_regex: ^a/\n    age: *kim\n  - path_regex: ^b/\n    age: *kim\n"
                        "  - path_regex: ^(a|b)/\n    age: *kim\n"))
            .ends_with("those before it together"));
}

TEST_CASE("lint finds patterns that do not compile, everywhere at once [C1]") {
  const Ids found = lines(with_rules("  - path_regex: (\n    age: *kim\n  - path_regex: '^(?!a)'\n    age: *kim\n"
                                     "    encrypted_regex: '[a'\n") +
                          "destination_rules:\n  - path_regex: '*'\n    s3_bucket: b\n");
  REQUIRE(found.size() == 4);
  CHECK(found[0] == "3:17: can not compile regexp: error parsing regexp: missing closing ): `(`");
  CHECK((found[1].starts_with("5:17: can not compile") && found[1].ends_with("do not exist in RE2")));
  CHECK(found[2].starts_with("7:22: encrypted_regex would seal nothing"));
  CHECK(found[3].starts_with("9:17: can not compile"));
}

TEST_CASE("lint knows destination rules") {
  const auto found = [](const std::string& rules) {
    return lines(with_rules("  - age: *kim\n") + "destination_rules:\n" + rules);
  };
  CHECK(found("  - {path_regex: ^a/, s3_bucket: b, recreation_rule: {age: *kim}}\n  - {gcs_bucket: b}\n").empty());
  CHECK(found("  - {s3_bucket: b}\n  - {path_regex: ^a/, gcs_bucket: b}\n") ==
        Ids{"6:5: this rule never decides: every file it would take is taken by the one at line 5"});
  CHECK(found("  - {s3_bucket: b, vault_path: p}\n") ==
        Ids{"5:5: this rule names more than one destination: no file can be published by it"});
  CHECK(found("  - {s3_prefix: b}\n") == Ids{"5:5: this rule names no destination: s3_bucket, gcs_bucket or vault_path"});
  CHECK(found("  - {s3_buckets: b, gcs_bucket: g}\n").at(0).ends_with("did you mean \"s3_bucket\"?"));
  CHECK(found("  - {vault_path: p, recreation_rule: {age: *kim}}\n") ==
        Ids{"~5:38: recreation_rule has no effect on Vault, which gets the values decrypted"});
  CHECK(found("  - {s3_bucket: p, recreation_rule: {encrypted_regex: '('}}\n").size() == 2);
  CHECK(found("  - {s3_bucket: p, recreation_rule: {age: nonsense}}\n").size() == 1);
}

TEST_CASE("lint finds patterns that take more than they seem to [C6]") {
  CHECK(only(with_rules("  - path_regex: prod/\n    age: *kim\n")) ==
        "~3:17: path_regex prod/ is not anchored in front: it is found at the end of longer names, and takes nonprod/ too; "
        "begin it with ^ or (^|/)");
  CHECK(only(with_rules("  - path_regex: ^prod\n    age: *kim\n")) ==
        "~3:17: path_regex ^prod is not anchored behind: it is found at the begin of longer names, and takes prod-old too; "
        "end it with / or $");
}

TEST_CASE("lint finds misspelt and misplaced names") {
  const Ids found = lines("creation_rulez: []\ncreation_rules:\n  - path_regex: ^a/\n    agee: " + std::string(kim) +
                          "\n    whatever: 1\n    age: " + kim + "\n");
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "1:1: the unknown key \"creation_rulez\" is ignored; did you mean \"creation_rules\"?");
  CHECK(found[1] == "4:5: the unknown key \"agee\" is ignored; did you mean \"age\"?");
  CHECK(found[2] == "~5:5: the unknown key \"whatever\" is ignored");
}

TEST_CASE("lint finds every recipient that is none, and says nothing of an identity [C7]") {
  const Ids found = lines(with_rules("  - age: [*kim, age1bad, AGE-SECRET-KEY-1QQQQ]\n    pgp: alice@example.com, ABCD\n"
                                     "    kms: arn:aws:s3:::b\n    gcp_kms: projects/p\n    hc_vault_transit_uri: vault.example\n"
                                     "    azure_keyvault: https://v/keys\n    hckms: ['region-only']\n"));
  REQUIRE(found.size() == 9);
  CHECK(found[0].starts_with("3:17: failed to parse input as Bech32"));
  CHECK(found[1].starts_with("3:26: "));
  CHECK(found[1].find("QQQQ") == std::string::npos);
  CHECK(found[2] == "4:10: \"alice@example.com\" is no fingerprint: names and mail addresses are not looked up");
  CHECK(found[3] == "4:10: the key id ABCD is too short; write the whole fingerprint");
  CHECK(found[4] == "5:10: no valid ARN found in 'arn:aws:s3:::b'");
  CHECK(found[5] == "6:14: no valid resource ID found in \"projects/p\"");
  CHECK(found[6].starts_with("7:27: missing scheme in Vault URL"));
  CHECK(found[7].starts_with("8:21: could not parse"));
  CHECK(found[8].starts_with("9:13: invalid key ID format"));
}

TEST_CASE("lint finds duplicates, empty groups and thresholds out of range") {
  CHECK(only(with_rules("  - age: [*kim, *kim]\n")).find("stands twice in one group") != std::string::npos);
  const std::string two = "  - key_groups:\n      - age: [*kim]\n      - age: [*kim]\n";
  CHECK(only(with_rules(two)).find("stands in group 1 too, and so holds two shares") != std::string::npos);
  CHECK(only(with_rules("  - key_groups:\n      - age: [*kim]\n      - age: []\n")) ==
        "5:9: this key group is empty: nothing can be encrypted");
  CHECK(only(with_rules("  - path_regex: ^a/\n")) ==
        "~3:5: this rule names no recipient: files need --age, --pgp or the like");
  const std::string groups = "    key_groups:\n      - age: [*kim]\n      - pgp: [85D77543B3D624B63CEA9E6DBC17301B491B3F21]\n";
  CHECK(only(with_rules("  - shamir_threshold: 3\n" + groups)) == "3:23: shamir_threshold 3 is out of range: there are 2 key groups");
  CHECK(only(with_rules("  - shamir_threshold: 1\n" + groups)) == "3:23: shamir_threshold 1 is out of range: at least 2 groups are needed");
  CHECK(only(with_rules("  - shamir_threshold: -1\n" + groups)).starts_with("3:23: shamir_threshold -1 is out of range"));
  CHECK(only(with_rules("  - shamir_threshold: 2\n    age: *kim\n")).starts_with("~3:23: shamir_threshold 2 has no effect"));
  CHECK(only(with_rules("  - age: *kim\n" + groups)).starts_with("~5:9: key_groups takes the place"));
  CHECK(lines(with_rules("  - shamir_threshold: 2\n" + groups)).empty());
}

TEST_CASE("lint finds a second selector, wrong types and broken YAML with their places") {
  CHECK(only(with_rules("  - age: *kim\n    encrypted_regex: a\n    unencrypted_suffix: b\n")) ==
        "5:25: a second selector: unencrypted_suffix cannot stand beside encrypted_regex");
  CHECK(only(with_rules("  - age: *kim\n    shamir_threshold: '2'\n")) == "4:23: cannot unmarshal !!str `2` into int");
  CHECK(only(with_rules("  - age: *kim\n    age: *kim\n")).starts_with("4:5: mapping key \"age\" already defined"));
  CHECK(only("creation_rules: [\n").find("yaml: ") != std::string::npos);
  CHECK(only("creation_rules: []\n") == "1:17: creation_rules is empty: no file can be encrypted");
  CHECK(only("").starts_with("~1:1: there are no creation_rules"));
}

TEST_CASE("what the reference refuses, lint refuses") {
  const std::string folder = TESTDATA "/config";
  const auto parsed = [&](const char* name) { return nlohmann::json::parse(std::ifstream(folder + "/" + name)); };
  const nlohmann::json expected = parsed("expected.json");
  for (const auto& [name, value] : expected.items()) {
    const std::string message = value.value("error", "");
    if (message.empty() || parsed("differences.json").contains(name) || message.find("no matching creation rules") != std::string::npos) continue;
    INFO(name << ": " << message);
    std::ifstream file(folder + "/" + name + ".yaml", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    const auto findings = config::lint(text.str());
    CHECK(std::any_of(findings.begin(), findings.end(), [](const auto& finding) { return !finding.warning; }));
    for (const auto& finding : findings) CHECK(finding.place.line > 0);
  }
}
