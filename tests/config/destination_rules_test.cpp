#include "leafseal/destination_rules.hpp"

#include <catch2/catch.hpp>

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;

namespace {

constexpr const char* a1 = "age13pk5gaa7f0tchpugk76h4mug0nyd8ds6awgdah6sllr4k9eymvvqdn9u8a";

std::string refusal(const Config& config, std::string_view path) {
  try {
    destination_rule_for(config, path);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("the first destination rule decides, by the path as it was typed") {
  const Config config =
      Loaded(
          "destination_rules:\n"
          "  - {path_regex: ^s3/, s3_bucket: b, s3_prefix: p/, vault_address: 'https://v', omit_extensions: yes}\n"
          "  - {path_regex: ^/r/, gcs_bucket: g, s3_bucket: ''}\n"
          "  - {vault_path: apps, vault_address: 'https://v', vault_kv_mount_name: m, vault_kv_version: 1}\n")
          .config;
  const DestinationRule s3 = destination_rule_for(config, "s3/a.yaml");
  CHECK(s3.destination.kind == DestinationKind::s3);
  CHECK((s3.destination.bucket == "b" && s3.destination.prefix == "p/" && s3.destination.vault_address.empty()));
  CHECK((s3.omit_extensions && !s3.recreation && s3.place.line == 2));
  CHECK(destination_rule_for(config, "/r/s3/a.yaml").destination.kind == DestinationKind::gcs);
  const DestinationRule vault = destination_rule_for(config, "./s3/a.yaml");
  CHECK(vault.destination.kind == DestinationKind::vault);
  CHECK((vault.destination.vault_path == "apps" && vault.destination.vault_mount == "m" &&
         vault.destination.vault_kv_version == 1));
}

TEST_CASE("a recreation rule with recipients is one, without them is none") {
  const Config config =
      Loaded(
          "destination_rules:\n"
          "  - {path_regex: ^a/, s3_bucket: b, recreation_rule: {age: " +
          std::string(a1) +
          ", encrypted_regex: ^x}}\n"
          "  - {path_regex: ^b/, s3_bucket: b, recreation_rule: {encrypted_regex: ^x}}\n"
          "  - {path_regex: ^c/, s3_bucket: b, recreation_rule: {shamir_threshold: 2, key_groups: [{age: [" +
          std::string(a1) +
          "]}, {pgp: [F]}]}}\n"
          "  - {path_regex: ^d/, s3_bucket: b, recreation_rule: {age: nonsense}}\n"
          "  - {path_regex: ^e/, s3_bucket: b, recreation_rule: {age: " +
          std::string(a1) + ", encrypted_regex: '('}}\n")
          .config;
  const auto a = destination_rule_for(config, "a/f").recreation;
  REQUIRE(a);
  CHECK(ids(a->keys.groups[0]) == Ids{a1});
  CHECK(a->selections.at(0).pattern == "^x");
  CHECK_FALSE(destination_rule_for(config, "b/f").recreation);
  const auto c = destination_rule_for(config, "c/f").recreation;
  REQUIRE(c);
  CHECK((c->keys.groups.size() == 2 && c->keys.threshold == 2));
  CHECK(refusal(config, "d/f").find("nonsense") != std::string::npos);
  CHECK(refusal(config, "e/f").find("would seal nothing") != std::string::npos);  // [C1]
}

TEST_CASE("destination rules that cannot decide say so in the reference's words") {
  const Config config = Loaded(
                            "destination_rules:\n"
                            "  - {path_regex: ^two/, s3_bucket: b, vault_path: p}\n"
                            "  - {path_regex: ^none/, s3_prefix: p}\n"
                            "  - {path_regex: ^x/, s3_bucket: b}\n"
                            "  - {path_regex: (, s3_bucket: b}\n")
                            .config;
  CHECK(refusal(config, "two/f") ==
        "error loading config: more than one destinations were found in a single destination "
        "rule, you can only use one per rule");
  CHECK(destination_rule_for(config, "none/f").destination.kind == DestinationKind::none);
  CHECK(refusal(config, "x/f") == "none");
  CHECK(refusal(config, "y/f").starts_with("can not compile regexp"));  // sops would go on to the next rule
  CHECK(refusal(Loaded("creation_rules:\n  - pgp: F\n").config, "f") ==
        "error loading config: no matching destination found in config");
  CHECK_FALSE(has_destination_rules(Loaded("destination_rules:\n").config));
}

TEST_CASE("types of destination rules are those of the reference") {
  CHECK_THROWS_AS(Loaded("destination_rules:\n  - {vault_kv_version: x}\n"), Error);
  CHECK_THROWS_AS(Loaded("destination_rules:\n  - {s3_bucket: [b]}\n"), Error);
  CHECK_THROWS_AS(Loaded("destination_rules:\n  - {omit_extensions: maybe}\n"), Error);
  const Config config = Loaded("destination_rules:\n  - {s3_bucket: 5, vault_kv_version: 7}\n  - ~\n").config;
  CHECK(destination_rule_for(config, "f").destination.bucket == "5");
}
