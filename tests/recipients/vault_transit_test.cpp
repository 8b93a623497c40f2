// HashiCorp Vault and OpenBao recipients against a double; a real server stands in tests/interop/vault_transit.py.
#include "recipients/vault_transit.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "recipients/recipient_list.hpp"
#include "recipients/vault_hosts.hpp"
#include "support/http_double.hpp"

using namespace leafseal;

namespace {

const std::string data_key = "0123456789abcdef0123456789abcdef";
const std::string data_key_base64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

struct Bench {
  Environment environment;
  HttpDouble service;
  std::string warnings;
  RecipientEntry entry{
      RecipientKind::hc_vault,
      {{"engine_path", "a/transit"}, {"key_name", "dev"}, {"vault_address", "https://vault.test:8200"}},
      {},
      {}};

  Bench() {
    environment.http = &service;
    environment.err = [this](std::string_view text) { warnings += text; };
    environment.variables["VAULT_ADDR"] = "https://vault.test:8200";
    environment.variables["VAULT_TOKEN"] = "s.canary";
  }
  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }
  void address(const std::string& value) { entry.fields[2].second = value; }

  std::string wrap() {
    service.will_answer(HttpResponse{200, {}, R"({"data":{"ciphertext":"vault:v1:abc"}})"});
    return make_vault_transit_recipient(entry, environment)->wrap(SecretBytes::copy_of(data_key));
  }
  std::string wrap_failure() {
    try {
      return "wrapped: " + make_vault_transit_recipient(entry, environment)->wrap(SecretBytes::copy_of(data_key));
    } catch (const Error& error) {
      return error.what();
    }
  }
  std::string unwrap(HttpResponse answer, std::string* hint = nullptr) {
    service.will_answer(std::move(answer));
    UnwrapResult result = make_vault_transit_recipient(entry, environment)->unwrap("vault:v1:abc");
    if (const auto* failure = std::get_if<UnwrapFailure>(&result)) {
      if (hint != nullptr) *hint = failure->hint;
      return "failed: " + failure->reason;
    }
    return std::string(std::get<SecretBytes>(result).view());
  }
  std::string unwrap() { return unwrap(opened()); }
  static HttpResponse opened() {
    return {200, {}, R"({"data":{"plaintext":")" + data_key_base64 + R"("},"warnings":null})"};
  }
  const HttpRequest& last() const { return service.requests().back(); }
};

const std::string decrypting =
    "failed: failed to decrypt sops data key from Vault transit backend 'a/transit/decrypt/dev': ";
const std::string encrypting = "failed to encrypt sops data key to Vault transit backend 'a/transit/encrypt/dev': ";

}  // namespace

TEST_CASE("a data key is wrapped and unwrapped by the calls that Vault documents") {
  Bench bench;
  CHECK(bench.wrap() == "vault:v1:abc");
  CHECK(bench.last().method == "PUT");
  CHECK(bench.last().url == "https://vault.test:8200/v1/a/transit/encrypt/dev");
  CHECK(bench.last().body == R"({"plaintext":")" + data_key_base64 + R"("})");
  CHECK(header_of(bench.last(), "x-vault-token") == "s.canary");
  CHECK(header_of(bench.last(), "x-vault-request") == "true");
  CHECK(header_of(bench.last(), "x-vault-namespace").empty());
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().url == "https://vault.test:8200/v1/a/transit/decrypt/dev");
  CHECK(bench.last().body == R"({"ciphertext":"vault:v1:abc"})");
  CHECK(bench.warnings.empty());
}

TEST_CASE("names of keys are encoded, and none leads out of the engine") {
  Bench bench;
  bench.entry.fields[1].second = "my key?x=1#";
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().url == "https://vault.test:8200/v1/a/transit/decrypt/my%20key%3Fx%3D1%23");
  for (const std::string engine : {"../sys", "a/../../sys", "a//b", "", ".", "a/", "/a"}) {
    bench.entry.fields[0].second = engine;
    INFO(engine);
    const std::size_t before = bench.service.requests().size();
    CHECK(bench.unwrap().find("no path of a Vault key: ") != std::string::npos);
    CHECK(bench.service.requests().size() == before);
  }
}

TEST_CASE("the token comes from VAULT_TOKEN, else from the file that `vault login` writes") {
  Bench bench;
  char pattern[] = "/tmp/lsv-XXXXXX";
  const std::string home = mkdtemp(pattern);
  bench.set("HOME", home);
  std::ofstream(home + "/.vault-token") << " s.file\n";
  bench.unwrap();
  CHECK(header_of(bench.last(), "x-vault-token") == "s.canary");
  bench.set("VAULT_TOKEN", "");
  bench.unwrap();
  CHECK(header_of(bench.last(), "x-vault-token") == "s.file");
  std::filesystem::remove(home + "/.vault-token");
  CHECK(bench.unwrap() == data_key);  // an agent may add its own
  CHECK(header_of(bench.last(), "x-vault-token").empty());
  std::filesystem::create_directory(home + "/.vault-token");
  CHECK(bench.unwrap().find("cannot get Vault token: ") != std::string::npos);
  std::filesystem::remove_all(home);
  bench.set("VAULT_TOKEN", "s.canary\nX-Other: 1");
  CHECK(bench.unwrap() == decrypting + "configured Vault token contains non-printable characters and cannot be used");
}

TEST_CASE("the variables of Vault's own programs are honoured") {
  Bench bench;
  bench.set("VAULT_NAMESPACE", "team/a");
  bench.set("VAULT_HEADERS", R"({"X-Proxy-Auth": "p"})");
  bench.set("VAULT_CACERT", "/ca.pem");
  bench.set("VAULT_CLIENT_CERT", "/c.pem");
  bench.set("VAULT_CLIENT_KEY", "/k.pem");
  bench.set("VAULT_TLS_SERVER_NAME", "inner");
  bench.set("VAULT_SKIP_VERIFY", "true");
  bench.set("VAULT_CLIENT_TIMEOUT", "5");
  bench.set("VAULT_MAX_RETRIES", "0");
  bench.set("VAULT_HTTP_PROXY", "http://p:1");
  CHECK(bench.unwrap() == data_key);
  const HttpRequest request = bench.last();
  CHECK(header_of(request, "x-vault-namespace") == "team/a");
  CHECK(header_of(request, "x-proxy-auth") == "p");
  CHECK(request.tls.ca_file == "/ca.pem");
  CHECK(request.tls.certificate_file == "/c.pem");
  CHECK(request.tls.key_file == "/k.pem");
  CHECK(request.tls.server_name == "inner");
  CHECK(request.tls.unverified_by == "VAULT_SKIP_VERIFY");
  CHECK(request.timeout == std::chrono::seconds(5));
  CHECK(request.tries == 1);
  CHECK(request.proxy == "http://p:1");
  bench.set("VAULT_PROXY_ADDR", "http://q:1");
  bench.set("VAULT_CACERT", "");
  bench.set("VAULT_CACERT_BYTES", "pem");
  bench.set("VAULT_SKIP_VERIFY", "0");
  bench.unwrap();
  CHECK(bench.last().proxy == "http://q:1");
  CHECK(bench.last().tls.ca_pem == "pem");
  CHECK(bench.last().tls.unverified_by.empty());
}

TEST_CASE("an agent of the user's environment is asked instead of the key's address") {
  Bench bench;
  bench.set("VAULT_AGENT_ADDR", "http://127.0.0.1:8100/");
  bench.unwrap();
  CHECK(bench.last().url == "http://127.0.0.1:8100/v1/a/transit/decrypt/dev");
  CHECK(bench.last().unix_socket.empty());
  bench.set("VAULT_AGENT_ADDR", "unix:///run/agent.sock");
  bench.unwrap();
  CHECK(bench.last().url == "http://localhost/v1/a/transit/decrypt/dev");
  CHECK(bench.last().unix_socket == "/run/agent.sock");
}

TEST_CASE("a variable that cannot be read is an error that names it") {
  const std::pair<const char*, const char*> rows[] = {{"VAULT_SKIP_VERIFY", "yes"},
                                                      {"VAULT_CLIENT_TIMEOUT", "soon"},
                                                      {"VAULT_MAX_RETRIES", "-1"},
                                                      {"VAULT_CLIENT_CERT", "/c.pem"},
                                                      {"VAULT_CAPATH", "/nonexistent"},
                                                      {"VAULT_HEADERS", "canary"},
                                                      {"VAULT_HEADERS", R"({"X-Vault-Token": "canary"})"},
                                                      {"VAULT_HEADERS", R"({"X-A": 1})"}};
  for (const auto& [name, value] : rows) {
    Bench bench;
    bench.set(name, value);
    const std::string text = bench.unwrap();
    INFO(name << ": " << text);
    CHECK(text.rfind(decrypting, 0) == 0);
    CHECK(text.find("canary") == std::string::npos);
    CHECK(bench.service.requests().empty());
  }
}

TEST_CASE("what the server says against it is said as the reference says it") {
  Bench bench;
  std::string hint;
  CHECK(bench.unwrap({403, {}, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})"}, &hint) ==
        decrypting +
            "Error making API request.\n\nURL: PUT https://vault.test:8200/v1/a/transit/decrypt/dev\nCode: 403. "
            "Errors:\n\n"
            "* 1 error occurred: * permission denied");
  CHECK(hint == "the token has expired, or its policy does not allow this: vault token lookup");
  CHECK(bench.unwrap({502, {}, "<html>\x1b[2J"}) ==
        decrypting +
            "Error making API request.\n\nURL: PUT https://vault.test:8200/v1/a/transit/decrypt/dev\n"
            "Code: 502. Raw Message:\n\n<html>\\x1b[2J");
  bench.set("VAULT_TOKEN", "");
  bench.unwrap({403, {}, R"({"errors":["permission denied"]})"}, &hint);
  CHECK(hint == "there is no token: export VAULT_TOKEN, or log in with `vault login`");
  bench.service.will_answer(HttpResponse{404, {}, R"({"errors":["no handler for route"]})"});
  CHECK(bench.wrap_failure() ==
        encrypting +
            "Error making API request.\n\nURL: PUT https://vault.test:8200/v1/a/transit/encrypt/dev\n"
            "Code: 404. Errors:\n\n* no handler for route");
}

TEST_CASE("an answer without a key is an error, whatever it holds instead") {
  const std::pair<const char*, const char*> rows[] = {
      {"", "transit backend is empty"},
      {"<html>", "transit backend is empty"},
      {"{}", "transit backend is empty"},
      {R"({"data":null})", "transit backend is empty"},
      {R"({"data":{}})", "no decrypted data"},
      {R"({"data":{"plaintext":1}})", "decrypted plaintext data cannot be cast to string"},
      {R"({"data":{"plaintext":"&"}})", "cannot decode base64 plaintext into data key bytes"},
  };
  for (const auto& [body, reason] : rows) {
    Bench bench;
    CHECK(bench.unwrap({200, {}, body}) == decrypting + reason);
  }
  Bench bench;
  bench.service.will_answer(HttpResponse{200, {}, R"({"data":{"ciphertext":[]}})"});
  CHECK(bench.wrap_failure() == encrypting + "encrypted ciphertext cannot be cast to string");
  bench.service.will_answer(HttpResponse{204, {}, ""});
  CHECK(bench.wrap_failure() == encrypting + "transit backend is empty");
  bench.service.will_answer(HttpError(HttpFault::timeout, "no answer from https://vault.test:8200: no answer in time"));
  CHECK(bench.wrap_failure() == encrypting + "no answer from https://vault.test:8200: no answer in time");
}

TEST_CASE("N1: the allow list is the reference's") {
  struct Row {
    const char* list;
    const char* address;
    bool allowed;
  };
  const Row rows[] = {
      {"all", "https://any.test", true},
      {"", "https://vault.test:8200", true},
      {"none", "https://vault.test:8200", false},
      {"https://vault.test:8200", "https://vault.test:8200", true},
      {"https://vault.test:8200/", "https://vault.test:8200", true},
      {" https://other.test , https://vault.test:8200 ", "https://vault.test:8200", true},
      {"https://vault.test:82", "https://vault.test:8200", false},
      {"https://vault.test", "https://vault.test.evil.test", false},
      {"https://vault.test:8200", "http://vault.test:8200", false},
      {"all,https://x", "https://vault.test:8200", false},
  };
  for (const Row& row : rows) {
    Bench bench;
    bench.set("SOPS_HC_VAULT_ALLOWLIST", row.list);
    bench.address(row.address);
    INFO(row.list << " for " << row.address);
    const std::string refusal = std::string("Allowlist does not allow ") + row.address;
    CHECK(bench.unwrap() == (row.allowed ? data_key : "failed: " + refusal));
    CHECK(bench.wrap_failure().find("Allowlist does not allow") == (row.allowed ? std::string::npos : 0));
    CHECK(bench.service.requests().empty() != row.allowed);
    CHECK(bench.warnings.empty());
  }
  Bench bench;
  bench.set("SOPS_HC_VAULT_ALLOWLIST", "https://vault.test, ,x");
  CHECK(bench.unwrap() == "failed: SOPS_HC_VAULT_ALLOWLIST's entry 2 is empty");
}

TEST_CASE("N1: a host that the user did not name is named in one warning, and refused under strict") {
  struct Row {
    const char* vault_addr;
    const char* list;
    const char* address;
    const char* warning;
  };
  const char* foreign = "which the file names and VAULT_ADDR does not";
  const char* plain = "without TLS";
  const Row rows[] = {
      {"https://vault.test:8200", "", "https://vault.test:8200", ""},
      {"https://vault.test", "", "https://vault.test:443", ""},
      {"https://vault.test:8200", "", "https://evil.test:8200", foreign},
      {"https://vault.test:8200", "", "https://vault.test:8201", foreign},
      {"https://vault.test:8200", "", "https://vault.test.evil.test:8200", foreign},
      {"https://vault.test:8200", "", "http://vault.test:8200", plain},
      {"http://vault.test:8200", "", "http://vault.test:8200", plain},
      {"http://127.0.0.1:8200", "", "http://127.0.0.1:8200", ""},
      {"", "", "https://vault.test:8200", foreign},
      {"", "", "http://127.0.0.1:8200", ""},  // where Vault's own client looks
      {"", "", "http://127.0.0.1:8300", foreign},
      {"https://vault.test:8200", "all", "https://evil.test:8200", ""},
      {"https://vault.test:8200", "all", "http://evil.test:8200", plain},
      {"https://vault.test:8200", "http://evil.test:8200", "http://evil.test:8200", ""},
  };
  for (const Row& row : rows) {
    Bench bench;
    bench.set("VAULT_ADDR", row.vault_addr);
    bench.set("SOPS_HC_VAULT_ALLOWLIST", row.list);
    bench.address(row.address);
    INFO(row.address << " with VAULT_ADDR=" << row.vault_addr << " and the list " << row.list);
    CHECK(bench.unwrap() == data_key);
    CHECK(bench.unwrap() == data_key);
    const bool warned = row.warning[0] != '\0';
    CHECK(bench.warnings.find(row.warning) == (warned ? bench.warnings.rfind(row.warning) : 0));  // once
    CHECK(bench.warnings.empty() != warned);
    CHECK(bench.warnings.find("canary") == std::string::npos);
    bench.environment.strict = true;
    const std::size_t before = bench.service.requests().size();
    CHECK((bench.unwrap() == data_key) != warned);
    CHECK((bench.service.requests().size() == before) == warned);
    if (!warned) continue;
    try {
      bench.wrap();
      FAIL("wrapped");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::strict_refusal);
    }
    CHECK(bench.service.requests().size() == before);
  }
}

TEST_CASE("N1: an agent's address is the user's own, so no host is warned of") {
  Bench bench;
  bench.set("VAULT_AGENT_ADDR", "http://10.0.0.1:8100");
  bench.address("https://evil.test");
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.warnings.empty());
}

TEST_CASE("L3: no failure shows the token or the data key") {
  Bench bench;
  for (const int status : {400, 401, 403, 404, 429, 500, 503}) {
    const std::string text = bench.unwrap({status, {}, R"({"errors":["no"]})"});
    CHECK(text.find("canary") == std::string::npos);
    bench.service.will_answer(HttpResponse{status, {}, R"({"errors":["no"]})"});
    CHECK(bench.wrap_failure().find(data_key_base64) == std::string::npos);
  }
}

TEST_CASE("a URI is a key's address, engine and name") {
  struct Row {
    const char* uri;
    const char* id;
  };
  const Row rows[] = {
      {"https://vault.test:8200/v1/transit/keys/dev", "https://vault.test:8200/v1/transit/keys/dev"},
      {"https://vault.test:8200/v1/a/b/transit/keys/dev", "https://vault.test:8200/v1/a/b/transit/keys/dev"},
      {"https://vault.test:8200/v1/transit/keys/dev/", "https://vault.test:8200/v1/transit/keys/dev"},
      {"http://127.0.0.1:8200/v2/transit/x/dev", "http://127.0.0.1:8200/v1/transit/keys/dev"},
  };
  for (const Row& row : rows) CHECK(vault_recipient(row.uri).id() == row.id);
}
