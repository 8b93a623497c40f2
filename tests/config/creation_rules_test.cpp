#include "leafseal/creation_rules.hpp"

#include <catch2/catch.hpp>

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;

namespace {

constexpr const char* a1 = "age13pk5gaa7f0tchpugk76h4mug0nyd8ds6awgdah6sllr4k9eymvvqdn9u8a";
constexpr const char* a2 = "age1drhula90gl2hu0ust8t2hju5f8ghymhxk0pps2stlrnmtsylgeeqwts2zj";

}  // namespace

TEST_CASE("the first rule whose path_regex matches decides") {
  const std::string rules =
      "creation_rules:\n"
      "  - path_regex: ^d/e/p\n    pgp: FIRST\n"
      "  - path_regex: ^p\n    pgp: SECOND\n"
      "  - path_regex: ^/other/\n    pgp: THIRD\n"
      "  - pgp: LAST\n";
  const Config config = Loaded(rules).config;
  const auto chosen = [&](const std::string& file) { return ids(config.rule_for(file)->keys.groups[0])[0]; };
  CHECK(chosen("/r/d/e/p.yaml") == "FIRST");
  CHECK(chosen("/r/p.yaml") == "SECOND");
  CHECK(chosen("/other/r/p.yaml") == "THIRD");
  CHECK(chosen("/r/d/p.yaml") == "LAST");
  CHECK(config.rule_for("/r/p.yaml")->place.line == 4);
}

TEST_CASE("a rule gives recipients in the reference's order, selection, threshold") {
  const std::string rules = "creation_rules:\n- hckms: ['r:u']\n  pgp: [FP 1]\n  kms: arn:a\n  aws_profile: prof\n"
                            "  age: >-\n    " + std::string(a1) + ",\n    " + a2 + ",\n"
                            "  encrypted_regex: ^secret\n  mac_only_encrypted: yes\n  shamir_threshold: 2\n";
  const auto rule = Loaded(rules).config.rule_for("/r/x");
  REQUIRE(rule);
  REQUIRE(rule->keys.groups.size() == 1);
  CHECK(ids(rule->keys.groups[0]) == Ids{a1, a2, "FP1", "arn:a||prof", "r:u"});
  CHECK(rule->keys.threshold == 2);
  CHECK(rule->selections == std::vector<SelectionRule>{{SelectionKind::encrypted_regex, "^secret"}});
  CHECK(rule->mac_only_encrypted);
}

TEST_CASE("key groups merge, in order and without doubles") {
  const auto rule = Loaded(
                        "x: &base {pgp: [M1, M2]}\n"
                        "creation_rules:\n"
                        "- pgp: ignored\n"
                        "  key_groups:\n"
                        "  - merge: [*base, {kms: [{arn: arn:m}], merge: [{pgp: [M0]}]}]\n"
                        "    pgp: [M2, OWN]\n"
                        "    kms: [{arn: arn:k, role: arn:r, context: {b: '2', a: 1}}]\n"
                        "  - hc_vault: ['https://v:8200/v1/transit/keys/k']\n"
                        "    azure_keyvault: [{vaultUrl: 'https://z', key: k, version: '7'}]\n"
                        "    gcp_kms: [{resource_id: p/q}]\n"
                        "    hckms: [{key_id: 'r:u'}]\n")
                        .config.rule_for("/r/x");
  REQUIRE(rule->keys.groups.size() == 2);
  CHECK(ids(rule->keys.groups[0]) == Ids{"M1", "M2", "M0", "arn:m", "OWN", "arn:k+arn:r|a:1,b:2"});
  CHECK(ids(rule->keys.groups[1]) == Ids{"p/q", "r:u", "https://z/keys/k/7", "https://v:8200/v1/transit/keys/k"});
}

TEST_CASE("merge keys: own names win, then earlier maps") {
  const auto rule = Loaded(
                        "a: &a {pgp: A, encrypted_regex: from-a}\n"
                        "b: &b {pgp: B, shamir_threshold: 3, <<: {mac_only_encrypted: true}}\n"
                        "creation_rules:\n- <<: [*a, *b]\n  pgp: OWN\n")
                        .config.rule_for("/r/x");
  CHECK(ids(rule->keys.groups[0]) == Ids{"OWN"});
  CHECK(rule->selections[0].pattern == "from-a");
  CHECK(rule->keys.threshold == 3);
  CHECK(rule->mac_only_encrypted);
}

TEST_CASE("a config without rules decides nothing; its other sections count") {
  for (const char* text : {"", "# nothing\n", "creation_rules:\n", "~", "stores: {yaml: {indent: 2}}"}) {
    CHECK(!Loaded(text).config.rule_for("/r/x"));
  }
  const Config config = Loaded("stores: {yaml: {indent: 2}, json: {indent: 0}}\nleafseal: {layout: false}\n").config;
  CHECK(config.stores.yaml_indent == 2);
  CHECK(config.stores.json_indent == 0);
  CHECK(!config.stores.json_binary_indent);
  CHECK(!config.layout_records);
  CHECK(Loaded("leafseal: {}").config.layout_records);
}

TEST_CASE("what is wrong is said with the reference's phrase, line and column") {
  const std::string unmarshal = "error loading config: Could not unmarshal config file: yaml: unmarshal errors:\n  ";
  const std::string doubled = "error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, "
                              "encrypted_regex, unencrypted_regex, encrypted_comment_regex, or "
                              "unencrypted_comment_regex for the same rule";
  struct Row {
    std::string text, phrase;
    Place place;
  };
  const Row rows[] = {
      {"creation_rules: []", "error loading config: no matching creation rules found", {}},
      {"creation_rules:\n- age: x\n  age: y\n",
       unmarshal + "line 3: mapping key \"age\" already defined at line 2",
       {3, 3}},
      {"creation_rules:\n- shamir_threshold: \"2\"\n  mac_only_encrypted: 'true'\n",
       unmarshal + "line 2: cannot unmarshal !!str `2` into int\n  line 3: cannot unmarshal !!str `true` into bool",
       {2, 21}},
      {"creation_rules:\n- hckms: 'r:u'\n", unmarshal + "line 2: cannot unmarshal !!str `r:u` into []string", {2, 10}},
      {"creation_rules: {}", unmarshal + "line 1: cannot unmarshal !!map into []config.creationRule", {1, 17}},
      {"creation_rules:\n- age: {a: b}\n",
       "invalid age key configuration: invalid age key configuration: expected string, []string, or nil, got "
       "map[string]interface {}",
       {2, 8}},
      {"creation_rules:\n- gcp_kms: [a, 5]\n",
       "invalid gcpkms key configuration: invalid gcp_kms key configuration: expected string in list, got int",
       {2, 12}},
      {"creation_rules:\n- hc_vault_transit_uri: 1.5\n",
       "invalid vault key configuration: invalid hc_vault_transit_uri key configuration: expected string, []string, or "
       "nil, got float64",
       {2, 25}},
      {"creation_rules:\n- path_regex: '('\n",
       "can not compile regexp: error parsing regexp: missing closing ): `(`",
       {2, 15}},
      {"creation_rules:\n- encrypted_regex: a\n  encrypted_suffix: b\n", doubled, {3, 21}},
      {"creation_rules:\n- key_groups:\n  - age: ['é', bad]\n",
       "failed to parse input, unknown recipient type: \"é\"",
       {3, 11}},
      {"creation_rules:\n- key_groups:\n  - merge: [{age: ['é']}, {age: [éa, é]}, {age: x}]\n",
       unmarshal + "line 3: cannot unmarshal !!str `x` into []string",
       {3, 49}},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    const Refusal refused = refusal(row.text);
    CHECK(refused.code == ExitCode::generic);
    CHECK(refused.message == row.phrase);
    CHECK(refused.place.line == row.place.line);
    CHECK(refused.place.column == row.place.column);
    CHECK(!refused.hints.empty());
  }
}

TEST_CASE("a selector that does not compile is an error, not a file in plaintext [C1]") {
  for (const char* pattern : {"^(?!public)", "([", "(?<=x)y", "\\1"}) {
    const Refusal refused = refusal("creation_rules:\n- encrypted_regex: '" + std::string(pattern) + "'\n");
    CHECK(refused.code == ExitCode::conflicting_parameters);
    CHECK(refused.place.line == 2);
  }
  CHECK(refusal("creation_rules:\n- encrypted_regex: '" + std::string(5000, 'a') + "'\n").code ==
        ExitCode::conflicting_parameters);
  CHECK(refusal("creation_rules:\n- path_regex: '" + std::string(5000, 'a') + "'\n").message ==
        "can not compile regexp: the pattern is longer than 4096 bytes");
}

TEST_CASE("misspelt keys are warned of, with the key that was meant") {
  const auto warnings = [](const std::string& text) { return Loaded(text).warnings; };
  CHECK(warnings("creation_rules:\n- agee: x\n") ==
        Ids{".sops.yaml:2:3: the unknown key \"agee\" is ignored; did you mean \"age\"?"});
  CHECK(warnings("creation_rule:\n- age: x\nx-keys: {pgg: 1}\nnote: y\n") ==
        Ids{".sops.yaml:1:1: the unknown key \"creation_rule\" is ignored; did you mean \"creation_rules\"?"});
  CHECK(warnings("creation_rules:\n- owner: me\n") == Ids{".sops.yaml:2:3: the unknown key \"owner\" is ignored"});
  CHECK(warnings("creation_rules:\n- key_groups:\n  - azure_keyvault: [{vaultURL: x}]\n").at(0).find("\"vaultUrl\"") !=
        std::string::npos);
  CHECK(warnings("stores: {yaml: {indents: 2}}\nleafseal: {layouts: x}\n").size() == 2);
  CHECK(warnings("creation_rules:\n- age: x\n  path_regex: y\ndestination_rules:\n- s3_bucket: b\n").empty());
  std::string many = "creation_rules:\n";
  for (int i = 0; i < 1000; ++i) many += "- zzz: 1\n";
  CHECK(warnings(many).size() == 20);
}
