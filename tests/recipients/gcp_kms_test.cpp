// Google Cloud KMS recipients against a double; a server stands in tests/interop/gcp_kms.py.
#include "recipients/gcp_kms.hpp"

#include <catch2/catch.hpp>

#include "leafseal/error.hpp"
#include "recipients/gcp_client.hpp"
#include "recipients/recipient_syntax.hpp"
#include "support/http_double.hpp"

using namespace leafseal;

namespace {

const std::string data_key = "0123456789abcdef0123456789abcdef";
const std::string data_key_base64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const std::string data_key_sum = "1557151385";
const std::string wrapped = "d3JhcHBlZA==";  // "wrapped"
const std::string wrapped_sum = "1098444173";
const std::string id = "projects/p/locations/global/keyRings/r/cryptoKeys/k";

HttpResponse opened(const std::string& sum = data_key_sum) {
  return {200, {}, R"({"plaintext":")" + data_key_base64 + R"(","plaintextCrc32c":")" + sum + R"("})"};
}
HttpResponse sealed(const std::string& more = R"(,"ciphertextCrc32c":")" + wrapped_sum +
                                              R"(","verifiedPlaintextCrc32c":true)") {
  return {200, {}, R"({"name":"x","ciphertext":"d3JhcHBlZA==")" + more + "}"};
}
HttpResponse refused(int status, const std::string& message) {
  return {status, {}, R"({"error":{"code":)" + std::to_string(status) + R"(,"message":")" + message + R"("}})"};
}

struct Bench {
  Environment environment;
  HttpDouble service;
  std::string warnings;
  std::string hint;
  RecipientEntry entry{RecipientKind::gcp_kms, {{"resource_id", id}}, {}, {}};
  GcpAccess access{environment};

  Bench() {
    environment.http = &service;
    environment.err = [this](std::string_view text) { warnings += text; };
    set("GOOGLE_OAUTH_ACCESS_TOKEN", "token-canary");
  }
  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }

  std::string wrap() {
    try {
      return make_gcp_kms_recipient(entry, environment, access)->wrap(SecretBytes::copy_of(data_key));
    } catch (const Error& error) {
      hint = error.hints().empty() ? "" : error.hints().front();
      return std::string("failed: ") + error.what();
    }
  }
  std::string wrap(HttpResponse answer) {
    service.will_answer(std::move(answer));
    return wrap();
  }
  std::string unwrap(const std::string& enc = wrapped) {
    UnwrapResult result = make_gcp_kms_recipient(entry, environment, access)->unwrap(enc);
    if (const auto* failure = std::get_if<UnwrapFailure>(&result)) {
      hint = failure->hint;
      return "failed: " + failure->reason;
    }
    return std::string(std::get<SecretBytes>(result).view());
  }
  std::string unwrap(HttpResponse answer) {
    service.will_answer(std::move(answer));
    return unwrap();
  }
  const HttpRequest& last() const { return service.requests().back(); }
};

const std::string decrypting = "failed: failed to decrypt sops data key with GCP KMS key: ";
const std::string encrypting = "failed: failed to encrypt sops data key with GCP KMS key: ";
const std::string creating = "failed: cannot create GCP KMS service: ";

}  // namespace

TEST_CASE("a data key is wrapped and unwrapped by the calls that Google Cloud KMS documents") {
  Bench bench;
  CHECK(bench.wrap(sealed()) == wrapped);
  CHECK(bench.last().method == "POST");
  CHECK(bench.last().url == "https://cloudkms.googleapis.com/v1/" + id + ":encrypt");
  CHECK(bench.last().body ==
        R"({"plaintext":")" + data_key_base64 + R"(","plaintextCrc32c":")" + data_key_sum + R"("})");
  CHECK(header_of(bench.last(), "content-type") == "application/json");
  CHECK(header_of(bench.last(), "authorization") == "Bearer token-canary");
  CHECK(header_of(bench.last(), "x-goog-request-params") ==
        "name=projects%2Fp%2Flocations%2Fglobal%2FkeyRings%2Fr%2FcryptoKeys%2Fk");
  CHECK(header_of(bench.last(), "x-goog-user-project").empty());
  CHECK(bench.unwrap(opened()) == data_key);
  CHECK(bench.last().url == "https://cloudkms.googleapis.com/v1/" + id + ":decrypt");
  CHECK(bench.last().body == R"({"ciphertext":")" + wrapped + R"(","ciphertextCrc32c":")" + wrapped_sum + R"("})");
  CHECK(bench.warnings.empty());
  bench.set("GOOGLE_CLOUD_QUOTA_PROJECT", "payer");
  CHECK(bench.unwrap(opened()) == data_key);
}

TEST_CASE("who pays is said in a header, and the kind of client is not asked about") {
  for (const char* client : {"rest", "REST", "grpc", "", "anything"}) {
    Bench bench;
    bench.set("SOPS_GCP_KMS_CLIENT_TYPE", client);
    bench.set("GOOGLE_CLOUD_QUOTA_PROJECT", "payer");
    CHECK(bench.unwrap(opened()) == data_key);
    CHECK(header_of(bench.last(), "x-goog-user-project") == "payer");
  }
}

TEST_CASE("checksums of answers are checked where the service gives them") {
  Bench bench;
  CHECK(bench.unwrap({200, {}, R"({"plaintext":")" + data_key_base64 + "\"}"}) == data_key);
  CHECK(bench.unwrap(opened("1")) == decrypting + "the answer was damaged on its way: its plaintextCrc32c is another");
  CHECK(bench.unwrap(opened("x")) == decrypting + "the answer was damaged on its way: its plaintextCrc32c is another");
  CHECK(bench.wrap(sealed("")) == wrapped);
  CHECK(bench.wrap(sealed(R"(,"ciphertextCrc32c":"1","verifiedPlaintextCrc32c":true)")) ==
        encrypting + "the answer was damaged on its way: its ciphertextCrc32c is another");
  for (const char* verified : {"", R"(,"verifiedPlaintextCrc32c":false)"}) {
    CHECK(bench.wrap(sealed(R"(,"ciphertextCrc32c":")" + wrapped_sum + "\"" + verified)) ==
          encrypting + "the answer was damaged on its way: its verifiedPlaintextCrc32c is another");
  }
}

TEST_CASE("a name that is none is refused without a request") {
  for (const char* good :
       {"projects/a.b:c/locations/l/keyRings/r/cryptoKeys/k", "projects/p/locations/l/keyRings/r/cryptoKeys/k?x#y"}) {
    Bench bench;
    bench.entry.fields[0].second = good;
    CHECK(bench.unwrap(opened()) == data_key);
    CHECK(syntax_flaw(bench.entry).empty());
  }
  Bench odd;
  odd.entry.fields[0].second = "projects/p/locations/l/keyRings/r/cryptoKeys/k?x=1#y z";
  CHECK(odd.unwrap(opened()) == data_key);
  CHECK(odd.last().url ==
        "https://cloudkms.googleapis.com/v1/projects/p/locations/l/keyRings/r/cryptoKeys/k%3Fx%3D1%23y%20z:decrypt");
  for (const std::string text :
       {"", "projects/p", "projects/p/locations/l/keyRings/r/cryptoKeys/",
        "projects//locations/l/keyRings/r/cryptoKeys/k",
        "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
        "/projects/p/locations/l/keyRings/r/cryptoKeys/k", "projects/p/locations/l/keyRings/r/cryptoKeys/k/",
        "projects/p/locations/l/keyRings/../cryptoKeys/k", "projects/p/locations/l/keyRings/r/cryptoKeys/..",
        "projects/./locations/l/keyRings/r/cryptoKeys/k", "Projects/p/locations/l/keyRings/r/cryptoKeys/k"}) {
    Bench bench;
    bench.entry.fields[0].second = text;
    CHECK(bench.unwrap() == creating + "no valid resource ID found in \"" + text + "\"");
    CHECK(bench.hint == "write projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY");
    CHECK(bench.wrap() == creating + "no valid resource ID found in \"" + text + "\"");
    CHECK(syntax_flaw(bench.entry) == "no valid resource ID found in \"" + text + "\"");
    CHECK(bench.service.requests().empty());
  }
}

TEST_CASE("N3: the host is Google's, or what the user's variables say") {
  const std::string rest = "/v1/" + id + ":decrypt";
  struct Row {
    const char* endpoint;
    const char* universe;
    std::string url;
  };
  const Row rows[] = {
      {"", "", "https://cloudkms.googleapis.com" + rest},
      {"", "cloud.test", "https://cloudkms.cloud.test" + rest},
      {"kms.own.test", "", "https://kms.own.test" + rest},
      {"kms.own.test:8443", "cloud.test", "https://kms.own.test:8443" + rest},
      {"https://kms.own.test/base/", "", "https://kms.own.test/base" + rest},
      {"http://127.0.0.1:8080", "", "http://127.0.0.1:8080" + rest},
  };
  for (const Row& row : rows) {
    Bench bench;
    bench.set("SOPS_GCP_KMS_ENDPOINT", row.endpoint);
    bench.set("SOPS_GCP_KMS_UNIVERSE_DOMAIN", row.universe);
    CHECK(bench.unwrap(opened()) == data_key);
    CHECK(bench.last().url == row.url);
    CHECK(bench.warnings.empty());
  }
  for (const char* endpoint : {"ftp://x", "https://user@x", "a b", "https://x?y=1", "://"}) {
    Bench bench;
    bench.set("SOPS_GCP_KMS_ENDPOINT", endpoint);
    CHECK(bench.unwrap() == creating + "SOPS_GCP_KMS_ENDPOINT is no host and no http or https address: " + endpoint);
  }
  for (const char* universe : {"x/y", "a b", "x:80", "x?y", "u@x"}) {
    Bench bench;
    bench.set("SOPS_GCP_KMS_UNIVERSE_DOMAIN", universe);
    CHECK(bench.unwrap() == creating + "SOPS_GCP_KMS_UNIVERSE_DOMAIN is no domain: " + universe);
    CHECK(bench.service.requests().empty());
  }
}

TEST_CASE("the variable of Google's libraries names the cloud where the reference's does not") {
  Bench bench;
  bench.set("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "other.test");
  CHECK(bench.unwrap(opened()) == data_key);
  CHECK(bench.last().url.starts_with("https://cloudkms.other.test/v1/"));
  bench.set("SOPS_GCP_KMS_UNIVERSE_DOMAIN", "cloud.test");
  CHECK(bench.unwrap(opened()) == data_key);
  CHECK(bench.last().url.starts_with("https://cloudkms.cloud.test/v1/"));
}

TEST_CASE("a token of one cloud does not go to another") {
  Bench bench;
  const std::string user = R"({"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r")";
  bench.set("GOOGLE_CREDENTIALS", user + "}");
  bench.set("SOPS_GCP_KMS_UNIVERSE_DOMAIN", "cloud.test");
  CHECK(bench.unwrap() ==
        creating +
            "the configured universe domain (\"cloud.test\") does not match the universe domain found "
            "in the credentials (\"googleapis.com\")");
  Bench other;
  other.set("GOOGLE_CREDENTIALS", user + R"(,"universe_domain":"cloud.test"})");
  CHECK(other.unwrap() == creating +
                              "the configured universe domain (\"googleapis.com\") does not match the universe domain "
                              "found in the credentials (\"cloud.test\")");
  CHECK(other.service.requests().empty());
}

TEST_CASE("Google: an endpoint without TLS that is not on this machine is warned of once, and refused under strict") {
  Bench bench;
  bench.set("SOPS_GCP_KMS_ENDPOINT", "http://kms.own.test:8080");
  CHECK(bench.unwrap(opened()) == data_key);
  CHECK(bench.unwrap(opened()) == data_key);
  const std::string said = "data keys go to http://kms.own.test:8080 without TLS, as SOPS_GCP_KMS_ENDPOINT says";
  CHECK(bench.warnings.find(said) != std::string::npos);
  CHECK(bench.warnings.find(said) == bench.warnings.rfind(said));
  bench.environment.strict = true;
  CHECK(bench.wrap() == "failed: " + said + ", and strict is on");
  CHECK(bench.service.requests().size() == 2);
}

TEST_CASE("Google: a refusal is told with the service's reason and what to do") {
  Bench bench;
  CHECK(bench.unwrap(refused(404, "CryptoKey not found")) == decrypting + "googleapi: Error 404: CryptoKey not found");
  CHECK(bench.hint == "look at the name of what is asked for: its project, its location");
  CHECK(bench.unwrap(refused(403, "Permission denied")) == decrypting + "googleapi: Error 403: Permission denied");
  CHECK(bench.hint.starts_with("these credentials may not do this: "));
  CHECK(bench.unwrap(refused(400, "Decryption failed")) == decrypting + "googleapi: Error 400: Decryption failed");
  CHECK(bench.hint == "the data key was wrapped by another key than the entry names");
  CHECK(bench.unwrap(refused(401, "no")) == decrypting + "googleapi: Error 401: no");
  CHECK(bench.hint.starts_with("get a new token: "));
  CHECK(bench.unwrap(refused(429, "Quota")) == decrypting + "googleapi: Error 429: Quota");
  CHECK(bench.unwrap({502, {}, "<html>\x1b[2J"}) ==
        decrypting + "googleapi: got HTTP response code 502 with body: <html>\\x1b[2J");
  for (const char* body : {"{}", "<html>", "[]", R"({"plaintext":7})", R"({"plaintext":""})"}) {
    CHECK(bench.unwrap({200, {}, body}) == decrypting + "the answer has no plaintext");
  }
  CHECK(bench.hint == "what answers there is not Google Cloud KMS");
  CHECK(bench.unwrap({200, {}, R"({"plaintext":"&"})"}) == decrypting + "the answer's plaintext is no base64");
  CHECK(bench.unwrap(wrapped) == decrypting + "no answer from the double: connection refused");
  CHECK(bench.unwrap({400, {}, R"({"error":{"message":"not enabled","status":"FAILED_PRECONDITION"}})"}) ==
        decrypting + "googleapi: Error 400: not enabled");
  CHECK(bench.hint == "what is asked for is disabled or destroyed: look at its state");
  CHECK(bench.unwrap(refused(503, "Unavailable")) == decrypting + "googleapi: Error 503: Unavailable");
  CHECK(bench.hint == "the service is out of order: try again later");
  CHECK(bench.wrap(refused(400, "Wrong purpose")) == encrypting + "googleapi: Error 400: Wrong purpose");
  CHECK(bench.hint == "the key must be one for symmetric encryption, ENCRYPT_DECRYPT");
  CHECK(bench.wrap(refused(404, "CryptoKey not found")) == encrypting + "googleapi: Error 404: CryptoKey not found");
  CHECK(bench.wrap() == encrypting + "no answer from the double: connection refused");
}

TEST_CASE("Google: what is no base64 is not sent") {
  Bench bench;
  CHECK(bench.unwrap("d3Jh&") == "failed: illegal base64 data at input byte 4");
  CHECK(bench.service.requests().empty());
}

TEST_CASE("a token that is refused is replaced once") {
  Bench bench;
  bench.set("GOOGLE_CREDENTIALS",
            R"({"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r"})");
  const auto token = [](const char* value) {
    return HttpResponse{200, {}, std::string(R"({"access_token":")") + value + R"(","expires_in":3600})"};
  };
  for (HttpResponse answer : {token("old"), refused(401, "expired"), token("new"), opened()}) {
    bench.service.will_answer(std::move(answer));
  }
  CHECK(bench.unwrap(wrapped) == data_key);
  REQUIRE(bench.service.requests().size() == 4);
  CHECK(header_of(bench.service.requests()[1], "authorization") == "Bearer old");
  CHECK(header_of(bench.service.requests()[3], "authorization") == "Bearer new");
  CHECK(bench.unwrap(opened()) == data_key);
  CHECK(bench.service.requests().size() == 5);
  for (HttpResponse answer : {refused(401, "expired"), token("newer"), refused(401, "expired")}) {
    bench.service.will_answer(std::move(answer));
  }
  CHECK(bench.unwrap(wrapped) == decrypting + "googleapi: Error 401: expired");
  CHECK(bench.hint == "log in again: gcloud auth application-default login");
  CHECK(bench.service.requests().size() == 8);
}

TEST_CASE("L3: no failure of Google Cloud KMS shows a token or the data key") {
  Bench bench;
  for (const int status : {400, 401, 403, 404, 429, 500, 503}) {
    CHECK(bench.unwrap({status, {}, "{}"}).find("canary") == std::string::npos);
    const std::string text = bench.wrap({status, {}, "{}"});
    CHECK(text.find("canary") == std::string::npos);
    CHECK(text.find(data_key_base64) == std::string::npos);
  }
}
