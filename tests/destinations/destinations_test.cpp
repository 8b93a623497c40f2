// Destinations against a double of Http: where requests go and with what, what is refused before any is sent, and what
// is said when a service refuses.
#include <catch2/catch.hpp>
#include <map>

#include "destinations/registry.hpp"
#include "destinations/s3.hpp"
#include "support/http_double.hpp"

namespace leafseal {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

struct Bench {
  HttpDouble service;
  Environment environment;
  std::string said;

  explicit Bench(Variables variables = {}) {
    environment.variables = std::move(variables);
    environment.http = &service;
    environment.clock = [] { return std::time_t{1'000'000'000}; };
    environment.err = [this](std::string_view text) { said += text; };
  }

  Stored store(const DestinationPlace& place, const std::string& name = "a.yaml", const std::string& content = "{}") {
    Destinations destinations(environment);
    return destinations.make(place)->store(name, content);
  }
  const HttpRequest& request(std::size_t index = 0) const { return service.requests().at(index); }
};

std::string problem(Bench& bench, const DestinationPlace& place) {
  try {
    bench.store(place);
  } catch (const Error& error) {
    std::string text = std::to_string(static_cast<int>(error.code())) + " " + error.what();
    for (const std::string& hint : error.hints()) text += "\n" + hint;
    return text;
  }
  return "nothing";
}

DestinationPlace bucket(std::string name) {
  DestinationPlace place;
  place.kind = DestinationKind::s3;
  place.bucket = std::move(name);
  place.prefix = "pre/";
  return place;
}

DestinationPlace vault(std::string path, std::string address = "", std::string mount = "", int version = 2) {
  DestinationPlace place;
  place.kind = DestinationKind::vault;
  place.vault_path = std::move(path);
  place.vault_address = std::move(address);
  place.vault_mount = std::move(mount);
  place.vault_kv_version = version;
  return place;
}

const Variables aws = {{"AWS_ACCESS_KEY_ID", "k"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_REGION", "eu-west-1"}};

auto with(Variables more) {
  more.insert(aws.begin(), aws.end());
  return more;
}

TEST_CASE("an object of S3 is asked for under its bucket's host, or in the path where that cannot be [N3]") {
  const auto url_of = [](const DestinationPlace& place, const Variables& more) {
    Bench bench(with(more));
    bench.service.will_answer(HttpResponse{200, {}, ""});
    CHECK(bench.store(place, "d/ü b.yaml") == Stored::written);
    return bench.request().url;
  };
  const std::string key = "/pre/d/%C3%BC%20b.yaml?x-id=PutObject";
  CHECK(url_of(bucket("buck"), {}) == "https://buck.s3.eu-west-1.amazonaws.com" + key);
  CHECK(url_of(bucket("dotted.name"), {}) == "https://s3.eu-west-1.amazonaws.com/dotted.name" + key);
  CHECK(url_of(bucket("evil.test/"), {}) == "https://s3.eu-west-1.amazonaws.com/evil.test%2F" + key);
  CHECK(url_of(bucket("UPPER"), {}) == "https://s3.eu-west-1.amazonaws.com/UPPER" + key);
  CHECK(url_of(bucket("buck"), {{"AWS_REGION", "cn-north-1"}}) == "https://buck.s3.cn-north-1.amazonaws.com.cn" + key);
  CHECK(url_of(bucket("buck"), {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}, {"AWS_USE_FIPS_ENDPOINT", "true"}}) ==
        "https://buck.s3-fips.dualstack.eu-west-1.amazonaws.com" + key);
  CHECK(url_of(bucket("buck"), {{"AWS_ENDPOINT_URL", "http://127.0.0.1:9000"}}) == "http://127.0.0.1:9000/buck" + key);
  CHECK(url_of(bucket("buck"), {{"AWS_ENDPOINT_URL", "http://[::1]:9000"}}) == "http://[::1]:9000/buck" + key);
  CHECK(url_of(bucket("buck"), {{"AWS_ENDPOINT_URL_S3", "https://store.test/x"}}) == "https://buck.store.test/x" + key);
  CHECK_FALSE(is_host_label_of_bucket("ab"));
  CHECK_FALSE(is_host_label_of_bucket("-abc"));
  CHECK(is_host_label_of_bucket(std::string(63, 'a')));
}

TEST_CASE("an upload to S3 carries its sum and hash, and is signed for S3") {
  Bench bench(aws);
  bench.service.will_answer(HttpResponse{200, {}, ""});
  bench.store(bucket("buck"), "a", "123456789");
  const HttpRequest& request = bench.request();
  CHECK(request.method == "PUT");
  CHECK(request.body == "123456789");
  CHECK(header_of(request, "content-type") == "application/octet-stream");
  CHECK(header_of(request, "x-amz-checksum-crc32") == "y/Q5Jg==");
  CHECK(header_of(request, "x-amz-content-sha256") ==
        "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
  CHECK(header_of(request, "authorization")
            .find("/eu-west-1/s3/aws4_request, SignedHeaders=content-type;host;"
                  "x-amz-checksum-crc32;x-amz-content-sha256;x-amz-date,") != std::string::npos);
  Bench old(with({{"AWS_REQUEST_CHECKSUM_CALCULATION", "WHEN_REQUIRED"}}));
  old.service.will_answer(HttpResponse{200, {}, ""});
  old.store(bucket("buck"));
  CHECK(header_of(old.request(), "x-amz-checksum-crc32").empty());
}

TEST_CASE("a refusal of S3 is told with its reason and what to do") {
  Bench bench(aws);
  bench.service.will_answer(HttpResponse{
      404, {{"x-amz-request-id", "r1"}}, "<Error><Code>NoSuchBucket</Code><Message>It is not there</Message></Error>"});
  CHECK(problem(bench, bucket("buck")) ==
        "1 operation error S3: PutObject, https response error StatusCode: 404, RequestID: r1, NoSuchBucket: It is not "
        "there\nlook at the rule's s3_bucket, and at the account that the credentials belong to");
  Bench moved(aws);
  moved.service.will_answer(HttpError(HttpFault::redirect, "answers with a redirect"));
  CHECK(problem(moved, bucket("buck")).find("the bucket may lie in another region") != std::string::npos);
}

TEST_CASE("a secret of Vault is read first, and written when it is another") {
  const auto requests = [](const std::string& stored, int version) {
    Bench bench(Variables{{"VAULT_ADDR", "https://vault.test"}, {"VAULT_TOKEN", "t"}});
    bench.service.will_answer(HttpResponse{200, {}, stored});
    bench.service.will_answer(HttpResponse{200, {}, "{}"});
    const Stored done = bench.store(vault("/g//app", "", "team", version), "a.yaml", R"({"n":1.0})");
    CHECK(bench.request().url ==
          "https://vault.test/v1/team/" + std::string(version == 1 ? "" : "data/") + "g/app/a.yaml");
    CHECK((done == Stored::was_there) == (bench.service.requests().size() == 1));
    return bench.service.requests().size() == 1 ? "" : bench.request(1).method + " " + bench.request(1).body;
  };
  CHECK(requests(R"({"data":{"data":{"n":1},"metadata":{}}})", 2).empty());
  CHECK(requests(R"({"data":{"data":{"n":2}}})", 2) == R"(PUT {"data":{"n":1.0}})");
  CHECK(requests(R"({"data":{"data":{"n":1,"m":null}}})", 2) == R"(PUT {"data":{"n":1.0}})");
  CHECK(requests(R"({"data":{"n":1}})", 1).empty());
  CHECK(requests(R"({"data":{"data":{"n":1}}})", 1) == R"(PUT {"n":1.0})");
}

TEST_CASE("a path from a repository leads to no other part of Vault") {
  for (const auto& [path, mount] : {std::pair("acl", "sys/policies"),
                                    {"../../sys", ""},
                                    {"a/./b", ""},
                                    {"x", "auth"},
                                    {"x", "/sys"},
                                    {"x", "identity/"},
                                    {"..", ".."}}) {
    INFO(mount << " " << path);
    Bench bench(Variables{{"VAULT_ADDR", "https://vault.test"}, {"VAULT_TOKEN", "t"}});
    CHECK(problem(bench, vault(path, "", mount)).starts_with("1 no path of a key-value secret: "));
    CHECK(bench.service.requests().empty());
  }
}

TEST_CASE("a Vault server that only the repository names is told of once, and under strict gets nothing [N1]") {
  const std::string said =
      "the Vault token and the decrypted values go to https://other.test, which .sops.yaml names and "
      "VAULT_ADDR does not";
  const auto run = [](Variables variables, const std::string& address, bool strict) {
    Bench bench(std::move(variables));
    bench.environment.strict = strict;
    for (int i = 0; i < 4; ++i) bench.service.will_answer(HttpResponse{i % 2 == 0 ? 404 : 200, {}, "{}"});
    const std::string what = problem(bench, vault("p", address));
    if (!strict) problem(bench, vault("p", address));
    return what + "|" + bench.said + "|" + std::to_string(bench.service.requests().size());
  };
  CHECK(run({}, "https://other.test", false) ==
        "nothing|leafseal: warning: " + said + "; name the servers that may have it in SOPS_HC_VAULT_ALLOWLIST\n|4");
  CHECK(run({}, "https://other.test", true).starts_with("10 " + said + ", and strict is on"));
  CHECK(run({}, "https://other.test", true).ends_with("||0"));
  CHECK(run({{"VAULT_ADDR", "https://other.test:443"}}, "https://other.test", true) == "nothing||2");
  CHECK(run({{"SOPS_HC_VAULT_ALLOWLIST", "https://other.test"}}, "https://other.test", true) == "nothing||2");
  CHECK(run({{"SOPS_HC_VAULT_ALLOWLIST", "https://other.test"}}, "https://other.test.evil", true).starts_with("10 "));
  CHECK(run({{"SOPS_HC_VAULT_ALLOWLIST", "all"}}, "http://other.test", true).starts_with("10 "));
  CHECK(run({{"VAULT_ADDR", "http://own.test"}}, "", true).starts_with("10 "));
}

TEST_CASE("publish has the token of VAULT_TOKEN alone, and an agent only for the user's own server") {
  Bench bench(Variables{
      {"VAULT_ADDR", "https://vault.test"}, {"VAULT_AGENT_ADDR", "http://127.0.0.1:8100"}, {"HOME", "/nowhere"}});
  for (int i = 0; i < 2; ++i) {
    bench.service.will_answer(HttpResponse{404, {}, "{}"});
    bench.service.will_answer(HttpResponse{403, {}, R"({"errors":["permission denied"]})"});
  }
  CHECK(problem(bench, vault("p"))
            .ends_with("* permission denied\nthere is no token: export VAULT_TOKEN; ~/.vault-token is "
                       "not read here"));
  CHECK(bench.request().url == "http://127.0.0.1:8100/v1/secret/data/p/a.yaml");
  CHECK(header_of(bench.request(), "x-vault-token").empty());
  problem(bench, vault("p", "https://vault.test"));
  CHECK(bench.request(2).url == "https://vault.test/v1/secret/data/p/a.yaml");
}

TEST_CASE("a Vault server that does not answer is not asked a second time; one that hides the secret is") {
  Bench silent(Variables{{"VAULT_ADDR", "https://vault.test"}, {"VAULT_TOKEN", "t"}});
  silent.service.will_answer(HttpError(HttpFault::timeout, "no answer from https://vault.test: no answer in time"));
  CHECK(problem(silent, vault("p")) == "1 no answer from https://vault.test: no answer in time");
  CHECK(silent.service.requests().size() == 1);
  Bench hidden(Variables{{"VAULT_ADDR", "https://vault.test"}, {"VAULT_TOKEN", "t"}});
  hidden.service.will_answer(HttpResponse{403, {}, "{}"});
  hidden.service.will_answer(HttpResponse{200, {}, "{}"});
  CHECK(problem(hidden, vault("p")) == "nothing");
  CHECK(hidden.said ==
        "leafseal: warning: Cannot check if destination secret already exists in secret/data/p/a.yaml. New "
        "version will be created even if the data has not been changed.\n");
}

TEST_CASE("what Cloud Storage says it has stored is compared with what was sent") {
  DestinationPlace place;
  place.kind = DestinationKind::gcs;
  place.bucket = "b/c";
  place.prefix = "pre/";
  Bench bench(Variables{{"STORAGE_EMULATOR_HOST", "127.0.0.1:4443"}});
  bench.service.will_answer(HttpResponse{200, {}, R"({"crc32c":"4waSgw=="})"});
  CHECK(bench.store(place, "a.yaml", "123456789") == Stored::written);
  CHECK(bench.request().url ==
        "http://127.0.0.1:4443/upload/storage/v1/b/b%2Fc/o?alt=json&name=pre%2Fa.yaml&prettyPrint="
        "false&projection=full&uploadType=multipart");
  bench.service.will_answer(HttpResponse{200, {}, R"({"crc32c":"AAAAAA=="})"});
  CHECK(problem(bench, place).find("what Cloud Storage has stored is not what was sent") != std::string::npos);
  bench.service.will_answer(HttpResponse{404, {}, R"({"error":{"code":404,"message":"The bucket does not exist."}})"});
  CHECK(problem(bench, place) == "1 googleapi: Error 404: The bucket does not exist.");
  CHECK(header_of(bench.request(), "authorization").empty());
}

TEST_CASE("Cloud Storage gets a token of the standard chain, and an emulator without TLS is warned of [N3]") {
  DestinationPlace place;
  place.kind = DestinationKind::gcs;
  place.bucket = "buck";
  // GOOGLE_OAUTH_ACCESS_TOKEN is for keys alone; the metadata server has the machine's.
  Bench bench(
      Variables{{"GOOGLE_OAUTH_ACCESS_TOKEN", "not this"}, {"GCE_METADATA_HOST", "127.0.0.1:1"}, {"HOME", "/nowhere"}});
  for (int i = 0; i < 3; ++i) {
    bench.service.will_answer(
        HttpResponse{200, {{"metadata-flavor", "Google"}}, R"({"access_token":"good","expires_in":3600})"});
  }
  bench.service.will_answer(HttpResponse{404, {}, R"({"error":{"message":"The bucket does not exist."}})"});
  const std::string said = problem(bench, place);
  const HttpRequest& last = bench.service.requests().back();
  INFO(said);
  CHECK(last.url.starts_with("https://storage.googleapis.com/upload/storage/v1/b/buck/o?"));
  CHECK(header_of(last, "authorization") == "Bearer good");

  Bench foreign(Variables{{"STORAGE_EMULATOR_HOST", "http://store.test"}});
  foreign.environment.strict = true;
  CHECK(problem(foreign, place)
            .starts_with("10 files go to http://store.test without TLS, as STORAGE_EMULATOR_HOST says"));
  CHECK(foreign.service.requests().empty());
}

}  // namespace
}  // namespace leafseal
