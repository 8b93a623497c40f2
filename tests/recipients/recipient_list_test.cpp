#include "recipients/recipient_list.hpp"

#include <catch2/catch.hpp>

#include "leafseal/error.hpp"

using namespace leafseal;

namespace {

constexpr const char* a1 = "age13pk5gaa7f0tchpugk76h4mug0nyd8ds6awgdah6sllr4k9eymvvqdn9u8a";

std::vector<std::string> ids(RecipientKind kind, const std::string& list, const AwsSettings& aws = {}) {
  std::vector<std::string> result;
  for (const RecipientEntry& entry : parse_recipient_list(kind, list, aws)) result.push_back(entry.id());
  return result;
}

std::string refusal(RecipientKind kind, const std::string& list) {
  try {
    parse_recipient_list(kind, list);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::generic);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a comma list names recipients as the reference reads it") {
  using Ids = std::vector<std::string>;
  const std::string vault = "https://vault.example.com:8200";
  CHECK(ids(RecipientKind::age, "").empty());
  CHECK(ids(RecipientKind::age, std::string(" ") + a1 + " ," + a1) == Ids{a1, a1});
  CHECK(ids(RecipientKind::pgp, "8706 9F80,abc!, ") == Ids{"87069F80", "abc!", ""});
  CHECK(ids(RecipientKind::kms, "arn:a + arn:r,arn:b+c", {"", {}}) == Ids{"arn:a+arn:r", "arn:b+c"});
  CHECK(ids(RecipientKind::kms, "arn:a+arn:r", {"prof", {{"k", "v"}}}) == Ids{"arn:a+arn:r|k:v|prof"});
  CHECK(ids(RecipientKind::gcp_kms, "projects/p, projects/q") == Ids{"projects/p", "projects/q"});
  CHECK(ids(RecipientKind::hckms, " r:u ,,r2:u:2") == Ids{"r:u", "r2:u:2"});
  CHECK(ids(RecipientKind::azure_kv, " https://v.example/keys/n/1 ") == Ids{"https://v.example/keys/n/1"});
  CHECK(ids(RecipientKind::azure_kv, "https://v/keys/n,https://v/keys/n/") == Ids{"https://v/keys/n/", "https://v/keys/n/"});
  CHECK(ids(RecipientKind::hc_vault, vault + "/v1/transit/keys/k,," + vault + "/v1/a/b/transit/keys/dev/") ==
        Ids{vault + "/v1/transit/keys/k", vault + "/v1/a/b/transit/keys/dev"});
}

TEST_CASE("a list item that is no recipient is refused with the reference's phrase") {
  const std::string form = "https://vault.example.com:8200/v1/transit/keys/keyName)";
  const std::tuple<RecipientKind, std::string, std::string> rows[] = {
      {RecipientKind::age, std::string(a1) + ",", "failed to parse input, unknown recipient type: \"\""},
      {RecipientKind::age, "bad", "failed to parse input, unknown recipient type: \"bad\""},
      {RecipientKind::hckms, "nocolon", "invalid key ID format: expected 'region:key-uuid', got \"nocolon\""},
      {RecipientKind::hckms, ":u", "region cannot be empty in key ID: \":u\""},
      {RecipientKind::hckms, "r: ", "key UUID cannot be empty in key ID: \"r:\""},
      {RecipientKind::azure_kv, "http://v/keys/n/1",
       "could not parse \"http://v/keys/n/1\" into a valid Azure Key Vault MasterKey []"},
      {RecipientKind::azure_kv, "https://v/keys/n/1/2",
       "could not parse \"https://v/keys/n/1/2\" into a valid Azure Key Vault MasterKey []"},
      {RecipientKind::hc_vault, "vault.example.com",
       "missing scheme in Vault URL (should be like this: +https://vault.example.com:8200/v1/transit/keys/keyName), "
       "got: vault.example.com"},
      {RecipientKind::hc_vault, "https://v/x/v1/transit/keys/k",
       "running Vault with a prefixed URL is not supported! (Format has to be like " + form},
      {RecipientKind::hc_vault, "https://v/v1/transit/k",
       "vault path does not seem to be formatted correctly: (eg. " + form},
  };
  for (const auto& [kind, list, phrase] : rows) CHECK(refusal(kind, list) == phrase);
}
