#include "recipients/registry.hpp"

#include <catch2/catch.hpp>

#include "leafseal/error.hpp"

using namespace leafseal;

TEST_CASE("an entry's id is the reference's text for it") {
  using Fields = std::vector<std::pair<std::string, std::string>>;
  struct Row {
    RecipientKind kind;
    Fields fields;
    Fields context;
    std::string id;
  };
  const Row rows[] = {
      {RecipientKind::age, {{"recipient", "age1x"}}, {}, "age1x"},
      {RecipientKind::pgp, {{"created_at", "t"}, {"fp", "ABCD!"}}, {}, "ABCD!"},
      {RecipientKind::gcp_kms, {{"resource_id", "projects/p"}}, {}, "projects/p"},
      {RecipientKind::hckms, {{"key_id", "r:u"}}, {}, "r:u"},
      {RecipientKind::azure_kv, {{"name", "n"}, {"vault_url", "https://v"}, {"version", "1"}}, {}, "https://v/keys/n/1"},
      {RecipientKind::hc_vault,
       {{"engine_path", "a/b"}, {"key_name", "k"}, {"vault_address", "https://v:8200"}},
       {},
       "https://v:8200/v1/a/b/keys/k"},
      {RecipientKind::kms, {{"arn", "arn:x"}}, {}, "arn:x"},
      {RecipientKind::kms, {{"arn", "arn:x"}, {"role", "arn:r"}}, {}, "arn:x+arn:r"},
      {RecipientKind::kms, {{"arn", "arn:x"}}, {{"zone", "us"}, {"App", "a"}}, "arn:x|App:a,zone:us"},
      {RecipientKind::kms, {{"arn", "arn:x"}, {"aws_profile", "prof"}}, {}, "arn:x||prof"},
      {RecipientKind::kms, {{"arn", "arn:x"}, {"aws_profile", "p"}, {"role", "r"}}, {{"k", "v"}}, "arn:x+r|k:v|p"},
  };
  for (const Row& row : rows) CHECK(RecipientEntry{row.kind, row.fields, row.context, ""}.id() == row.id);
}
