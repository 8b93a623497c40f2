// The key service's messages against what sops itself sent: testdata/fuzz/key_service_message/sops-KIND, recorded from
// sops 3.13.2 on a socket, with the random data key replaced by the bytes 0 to 31.
#include <catch2/catch.hpp>

#include "base/file.hpp"
#include "net/grpc_status.hpp"
#include "recipients/key_service_messages.hpp"

using namespace leafseal;

namespace {

std::string recorded(const std::string& name) {
  return read_file(TESTDATA "/fuzz/key_service_message/" + name);
}

std::string data_key() {
  std::string key;
  for (int i = 0; i < 32; ++i) key += static_cast<char>(i);
  return key;
}

const RecipientEntry& sent(RecipientKind kind) {
  static const std::vector<RecipientEntry> entries = {
      {RecipientKind::kms,
       {{"arn", "arn:aws:kms:eu-west-1:111122223333:key/abc"},
        {"role", "arn:aws:iam::111122223333:role/r"},
        {"aws_profile", "prod"}},
       {{"App", "web"}},
       ""},
      {RecipientKind::pgp, {{"fp", "85D77543B3D624B63CEA9E6DBC17301B491B3F21"}}, {}, ""},
      {RecipientKind::gcp_kms, {{"resource_id", "projects/p/locations/l/keyRings/r/cryptoKeys/k"}}, {}, ""},
      {RecipientKind::hckms, {{"key_id", "eu-west-1:00000000-1111-2222-3333-444444444444"}}, {}, ""},
      {RecipientKind::azure_kv, {{"vault_url", "https://v.vault.azure.net"}, {"name", "k"}, {"version", "0123"}}, {}, ""},
      {RecipientKind::hc_vault,
       {{"vault_address", "https://vault.example:8200"}, {"engine_path", "transit"}, {"key_name", "k1"}},
       {},
       ""},
      {RecipientKind::age, {{"recipient", "age1zclmztm0yxa5c7pk4rw826s0rcf8srsynn9x0s7gs4y56qv76v7qrszlss"}}, {}, ""}};
  for (const RecipientEntry& entry : entries) {
    if (entry.kind == kind) return entry;
  }
  throw std::logic_error("no such kind");
}

}  // namespace

TEST_CASE("each kind of key is asked for as sops asks, and read from what sops sends") {
  for (std::size_t i = 0; i < recipient_kinds; ++i) {
    const auto kind = static_cast<RecipientKind>(i);
    const std::string name(kind_name(kind));
    CAPTURE(name);
    const std::string framed = recorded("sops-" + name);
    REQUIRE(!framed.empty());
    const GrpcReply message = unframed_message(framed);
    REQUIRE(std::holds_alternative<std::string>(message));
    const auto request = parse_key_request(std::get<std::string>(message));
    REQUIRE(request);
    REQUIRE(request->entry);
    CHECK(request->payload == data_key());
    CHECK(request->entry->id() == sent(kind).id());
    CHECK(request->entry->kind == kind);
    const std::string ours = framed_message(key_request(sent(kind), data_key()));
    CHECK(ours.size() == framed.size());
    if (kind != RecipientKind::kms) CHECK(ours == framed);  // the order of its fields is free
    CHECK(parse_key_request(ours.substr(message_prefix))->entry == request->entry);
  }
}

TEST_CASE("a request without a key, of an unknown kind, or of no sense is told apart") {
  const auto none = parse_key_request("\x12\x01x");
  REQUIRE(none);
  CHECK(!none->entry);
  CHECK(!none->unknown_kind);
  const auto unknown = parse_key_request(std::string("\x0a\x02\x42\0\x12\x01x", 7));
  REQUIRE(unknown);
  CHECK(!unknown->entry);
  CHECK(unknown->unknown_kind);
  CHECK(!parse_key_request("\x0a\x40\x0a"));
  CHECK(!parse_key_request("\x0a\x06\x32\x04\x0a\x02\xff\xfe"));  // a recipient that is no UTF-8
  const auto empty = parse_key_request("");
  REQUIRE(empty);
  CHECK(!empty->entry);
}

TEST_CASE("an answer is its one field") {
  CHECK(parse_key_response(key_response("key")) == "key");
  CHECK(key_response("").empty());
  CHECK(parse_key_response("") == "");
  CHECK(parse_key_response("\x12\x01z\x0a\x03key") == "key");
  CHECK(!parse_key_response("\x0a\x09key"));
}
