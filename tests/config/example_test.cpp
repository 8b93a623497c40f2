// .sops.yaml.example is documentation: it must parse without a warning, show every key, and choose as it says.
#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <sstream>

#include "config/config_fixture.hpp"

using namespace leafseal;
using namespace config_fixture;

namespace {

constexpr const char* kim = "age13pk5gaa7f0tchpugk76h4mug0nyd8ds6awgdah6sllr4k9eymvvqdn9u8a";
constexpr const char* sam = "age1drhula90gl2hu0ust8t2hju5f8ghymhxk0pps2stlrnmtsylgeeqwts2zj";
constexpr const char* fingerprint = "85D77543B3D624B63CEA9E6DBC17301B491B3F21";

std::string example_text() {
  std::ifstream file(TESTDATA "/../.sops.yaml.example", std::ios::binary);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the example config loads without a warning and shows every key") {
  const std::string text = example_text();
  CHECK(Loaded(text).warnings.empty());
  for (const char* key :
       {"creation_rules", "path_regex", "age", "pgp", "kms", "aws_profile", "gcp_kms", "azure_keyvault",
        "hc_vault_transit_uri", "hckms", "key_groups", "shamir_threshold", "unencrypted_suffix", "encrypted_suffix",
        "unencrypted_regex", "encrypted_regex", "unencrypted_comment_regex", "encrypted_comment_regex",
        "mac_only_encrypted", "merge", "hc_vault", "arn", "role", "context", "resource_id", "key_id", "vaultUrl",
        "key", "version", "destination_rules", "s3_bucket", "s3_prefix", "gcs_bucket", "gcs_prefix", "vault_path",
        "vault_address", "vault_kv_mount_name", "vault_kv_version", "recreation_rule", "omit_extensions", "stores",
        "yaml", "json", "json_binary", "dotenv", "ini", "indent", "leafseal", "layout"}) {
    INFO(key);
    CHECK(std::regex_search(text, std::regex(std::string("(^|[\\n {-])") + key + ":")));
  }
}

TEST_CASE("the example config chooses the rules it describes") {
  const Config config = Loaded(example_text()).config;
  struct Row {
    const char* file;
    std::vector<Ids> groups;
    int threshold;
    SelectionRule selection;
  };
  const Row rows[] = {
      {"/r/dev/a.yaml", {{kim, fingerprint}}, 0, {SelectionKind::encrypted_regex, "^(data|stringData)$"}},
      {"/r/notes/a.yaml", {{kim}}, 0, {SelectionKind::encrypted_comment_regex, "sops:enc"}},
      {"/r/app/a.yaml", {{kim}}, 0, {SelectionKind::unencrypted_comment_regex, "not secret"}},
      {"/r/dev/a.json", {{kim, sam}}, 0, {SelectionKind::unencrypted_regex, "^(description|host|port)$"}},
  };
  for (const Row& row : rows) {
    INFO(row.file);
    const auto rule = config.rule_for(row.file);
    REQUIRE(rule);
    std::vector<Ids> groups;
    for (const KeyGroup& group : rule->keys.groups) groups.push_back(ids(group));
    CHECK(groups == row.groups);
    CHECK(rule->keys.threshold == row.threshold);
    CHECK(rule->selections == std::vector<SelectionRule>{row.selection});
  }
  CHECK(config.rule_for("/r/dev/a.yaml")->mac_only_encrypted);
  CHECK(ids(config.rule_for("/r/cloud/a")->keys.groups.at(0)).size() == 7);

  const auto split = config.rule_for("/r/vault/a.yaml");
  REQUIRE(split->keys.groups.size() == 3);
  CHECK(split->keys.threshold == 2);
  CHECK(ids(split->keys.groups[2]).size() == 5);
  CHECK(ids(split->keys.groups[2])[0] == sam);
  CHECK(config.stores.yaml_indent == 2);
  CHECK(config.layout_records);
}
