// Azure Key Vault recipients against a double; the fake of tests/interop/azure_key_vault.py speaks for the whole
// exchange.
#include "recipients/azure_key_vault.hpp"

#include <catch2/catch.hpp>

#include "leafseal/error.hpp"
#include "net/base64url.hpp"
#include "net/json_fields.hpp"
#include "recipients/azure_hosts.hpp"
#include "recipients/recipient_list.hpp"
#include "support/http_double.hpp"

using namespace leafseal;

namespace {

const std::string data_key = "0123456789abcdef0123456789abcde\xff";
const std::string data_key_text = base64url::encode(data_key);
const std::string tenant = "11111111-2222-3333-4444-555555555555";
const std::string url = "https://v.vault.azure.net/keys/k/1?api-version=7.4";

HttpResponse challenge(const std::string& resource = "https://vault.azure.net") {
  return {401,
          {{"www-authenticate", "Bearer authorization=\"https://login.microsoftonline.com/" + tenant +
                                    "\", resource=\"" + resource + "\""}},
          R"({"error":{"code":"Unauthorized","message":"AKV10000: no token"}})"};
}

HttpResponse token(const std::string& text = "token-canary") {
  return {200, {}, R"({"token_type":"Bearer","expires_in":3599,"access_token":")" + text + "\"}"};
}

HttpResponse value(const std::string& text) { return {200, {}, R"({"kid":"x","value":")" + text + "\"}"}; }

struct Bench {
  Environment environment;
  HttpDouble service;
  AzureAccess access{environment};
  RecipientEntry entry = azure_recipient("https://v.vault.azure.net", "k", "1");

  Bench() {
    environment.http = &service;
    environment.clock = [] { return std::time_t{1767225600}; };
    environment.variables = {
        {"AZURE_TENANT_ID", tenant}, {"AZURE_CLIENT_ID", "c"}, {"AZURE_CLIENT_SECRET", "secret-canary"}};
  }
  void set(std::string_view name, const std::string& text) {
    for (auto& [field, value] : entry.fields) {
      if (field == name) value = text;
    }
  }
  void answers(std::initializer_list<HttpDouble::Answer> all) {
    for (const HttpDouble::Answer& answer : all) service.will_answer(answer);
  }
  std::string wrap() {
    try {
      return make_azure_key_vault_recipient(entry, environment, access)->wrap(SecretBytes::copy_of(data_key));
    } catch (const Error& error) {
      return "failed: " + std::string(error.what());
    }
  }
  std::string unwrap(const std::string& enc = "d3JhcHBlZA", std::string* hint = nullptr) {
    const UnwrapResult result = make_azure_key_vault_recipient(entry, environment, access)->unwrap(enc);
    if (const auto* failure = std::get_if<UnwrapFailure>(&result)) {
      if (hint != nullptr) *hint = failure->hint;
      return "failed: " + failure->reason;
    }
    return std::string(std::get<SecretBytes>(result).view());
  }
  // A refusal of the request that has a token.
  std::string refused(HttpResponse answer, std::string* hint = nullptr) {
    answers({challenge(), token(), std::move(answer)});
    return unwrap("d3JhcHBlZA", hint);
  }
  const std::vector<HttpRequest>& requests() const { return service.requests(); }
};

const std::string decrypting =
    "failed: failed to decrypt sops data key with Azure Key Vault key 'https://v.vault.azure.net/keys/k/1': ";

}  // namespace

TEST_CASE("a data key is wrapped and unwrapped by the vault, after it said which token it wants") {
  Bench bench;
  bench.answers({challenge(), token(), value("d3JhcHBlZA"), value(data_key_text)});
  CHECK(bench.wrap() == "d3JhcHBlZA");
  CHECK(bench.unwrap() == data_key);
  REQUIRE(bench.requests().size() == 4);
  const std::string operation = "https://v.vault.azure.net/keys/k/1/encrypt?api-version=7.4";
  CHECK(bench.requests()[0].url == operation);
  CHECK(bench.requests()[0].method == "POST");
  CHECK(bench.requests()[1].url == "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token");
  CHECK(bench.requests()[1].body ==
        "grant_type=client_credentials&client_id=c&scope=https%3A%2F%2Fvault.azure.net%2F.default&"
        "client_secret=secret-canary");
  CHECK(bench.requests()[2].url == operation);
  CHECK(bench.requests()[2].body == R"({"alg":"RSA-OAEP-256","value":")" + data_key_text + "\"}");
  CHECK(header_of(bench.requests()[2], "authorization") == "Bearer token-canary");
  CHECK(header_of(bench.requests()[2], "content-type") == "application/json");
  CHECK(bench.requests()[3].url == "https://v.vault.azure.net/keys/k/1/decrypt?api-version=7.4");
}

TEST_CASE("N2: neither token nor data key go out before the vault's challenge fits its own domain") {
  Bench bench;
  bench.answers({challenge("https://graph.microsoft.com")});
  CHECK(bench.wrap() ==
        "failed: failed to encrypt sops data key with Azure Key Vault key 'https://v.vault.azure.net/keys/k/1': "
        "challenge resource \"https://graph.microsoft.com\" doesn't match the requested domain v.vault.azure.net");
  REQUIRE(bench.requests().size() == 1);
  CHECK(bench.requests()[0].body.empty());
  CHECK(header_of(bench.requests()[0], "authorization").empty());
}

TEST_CASE("N2: which challenges fit") {
  const Environment environment;
  const auto resource = [&](const std::string& vault, const std::string& parameters) {
    try {
      const AzureTokenRequest asked =
          checked_challenge("Bearer " + parameters, checked_vault_url("https://" + vault, environment));
      return asked.resource + " " + asked.tenant;
    } catch (const Error&) {
      return std::string("refused");
    }
  };
  const std::string at = "authorization=\"https://login.windows.net/t-1\", ";
  CHECK(resource("v.vault.azure.net", at + "resource=\"https://vault.azure.net\"") == "https://vault.azure.net t-1");
  CHECK(resource("v.vault.azure.net", at + "scope=\"https://vault.azure.net/.default\"") ==
        "https://vault.azure.net t-1");
  CHECK(resource("v.vault.azure.net", "authorization=https://login.windows.net/t/x resource=https://vault.azure.net") ==
        "https://vault.azure.net t");
  CHECK(resource("h.managedhsm.azure.net", "resource=\"https://managedhsm.azure.net\"") ==
        "https://managedhsm.azure.net ");
  CHECK(resource("v.vault.azure.cn", "resource=\"https://vault.azure.cn\"") == "https://vault.azure.cn ");
  for (const char* other :
       {"https://azure.net", "https://net", "http://vault.azure.net", "https://t.azure.net",
        "https://v.vault.azure.net", "https://vault.azure.net.evil.example", "https://vault.azure.net/x",
        "https://u@vault.azure.net", "vault.azure.net", "https://managedhsm.azure.net", ""}) {
    INFO(other);
    CHECK(resource("v.vault.azure.net", "resource=\"" + std::string(other) + "\"") == "refused");
  }
  CHECK(resource("v.vault.azure.net", "") == "refused");
  CHECK(resource("v.vault.azure.net", "xresource=\"https://vault.azure.net\"") == "refused");
  CHECK(resource("v.vault.azure.net",
                 "authorization=\"https://login.windows.net/../x\", resource=\"https://vault.azure.net\"") ==
        "https://vault.azure.net ");
}

TEST_CASE("N2: which hosts are vaults") {
  Environment environment;
  const auto good = [&](const std::string& address) {
    try {
      return checked_vault_url(address, environment).origin();
    } catch (const Error&) {
      return std::string("refused");
    }
  };
  for (const char* host : {"v.vault.azure.net", "v.managedhsm.azure.net", "v.vault.azure.cn",
                           "v.vault.usgovcloudapi.net", "v.vault.microsoftazure.de", "r.v.managedhsm.azure.net"}) {
    CHECK(good(std::string("https://") + host) == std::string("https://") + host);
    CHECK(good(std::string("https://") + host + "/") == std::string("https://") + host);
  }
  CHECK(good("https://V.vault.azure.net") == "https://v.vault.azure.net");
  for (const char* address :
       {"http://v.vault.azure.net", "https://vault.azure.net", "https://evilvault.azure.net",
        "https://v.vault.azure.net.evil", "https://v.vault.azure.net/path", "https://v.vault.azure.net?x=1",
        "https://u:p@v.vault.azure.net", "https://127.0.0.1", "https://.vault.azure.net", "v.vault.azure.net", ""}) {
    INFO(address);
    CHECK(good(address) == "refused");
  }
  environment.variables["AZURE_AUTHORITY_HOST"] = "https://login.microsoftonline.us";
  CHECK(good("https://v.vault.local.azurestack.external") == "refused");
  environment.variables["AZURE_AUTHORITY_HOST"] = "https://adfs.local.azurestack.external";
  CHECK(good("https://v.vault.local.azurestack.external") == "https://v.vault.local.azurestack.external");
  CHECK(good("http://v.vault.local.azurestack.external") == "refused");
}

TEST_CASE("a token that the vault does not take is replaced once") {
  Bench bench;
  bench.answers({challenge(), token("old"), challenge(), token("new"), value(data_key_text)});
  CHECK(bench.unwrap() == data_key);
  CHECK(header_of(bench.requests().back(), "authorization") == "Bearer new");
  bench.answers({challenge(), token("newer"), challenge()});
  CHECK(bench.unwrap() == decrypting + "RESPONSE 401, ERROR CODE: Unauthorized: AKV10000: no token");
  CHECK(bench.requests().size() == 8);
  bench.answers({challenge("https://evil.example")});
  CHECK(bench.unwrap().find("doesn't match the requested domain") != std::string::npos);
}

TEST_CASE("what a vault refuses is said with its code, its reason and what to do") {
  struct Row {
    int status;
    const char* body;
    const char* reason;
    const char* hint;
  };
  const Row rows[] = {
      {403, R"({"error":{"code":"Forbidden","message":"no","innererror":{"code":"ForbiddenByFirewall"}}})",
       "RESPONSE 403, ERROR CODE: Forbidden: no", "the vault's firewall does not let this machine in"},
      {403, R"({"error":{"code":"Forbidden","message":"no","innererror":{"code":"ForbiddenByRbac"}}})",
       "RESPONSE 403, ERROR CODE: Forbidden: no",
       "this identity needs a role such as Key Vault Crypto User on the key"},
      {403, R"({"error":{"code":"Forbidden","message":"no","innererror":{"code":"KeyDisabled"}}})",
       "RESPONSE 403, ERROR CODE: Forbidden: no", "enable this version of the key, or use another one"},
      {403, R"({"error":{"code":"Forbidden","message":"no"}})", "RESPONSE 403, ERROR CODE: Forbidden: no",
       "this identity may not use the key: it needs the role Key Vault Crypto User, or key permissions"},
      {404, R"({"error":{"code":"KeyNotFound","message":"A key \u001b[31mk was not found"}})",
       "RESPONSE 404, ERROR CODE: KeyNotFound: A key \\x1b[31mk was not found",
       "look at the name and the version of the key; a deleted one can be recovered for some time"},
      {400, R"({"error":{"code":"BadParameter","message":"b"}})", "RESPONSE 400, ERROR CODE: BadParameter: b",
       "the data key was wrapped by another key, or by another version of it, than the entry names"},
      {502, "<html>", "RESPONSE 502: <html>", ""},
      {200, "{}", "the answer has no value", "what answers there is no Azure Key Vault"},
      {200, R"({"value":"a+b="})", "the answer's value is no base64url", ""},
  };
  for (const Row& row : rows) {
    Bench bench;
    std::string hint;
    CHECK(bench.refused({row.status, {}, row.body}, &hint) == decrypting + row.reason);
    CHECK(hint == row.hint);
  }
  Bench bench;
  bench.answers({HttpResponse{200, {}, "{}"}});
  CHECK(bench.unwrap() == decrypting + "the vault asks for no token");
  bench.answers({HttpResponse{403, {}, R"({"error":{"code":"Forbidden","message":"firewall"}})"}});
  CHECK(bench.unwrap() == decrypting + "RESPONSE 403, ERROR CODE: Forbidden: firewall");
  CHECK(bench.unwrap() == decrypting + "no answer from the double: connection refused");
}

TEST_CASE("C7: names out of a document do not lead to other paths") {
  for (const char* name : {"", ".", "..", "a/b", "a?b", "a b", "a%2e", "\xc3\xa4"}) {
    Bench bench;
    bench.set("name", name);
    CHECK(bench.unwrap().find("no key of an Azure Key Vault: ") != std::string::npos);
    Bench other;
    other.set("version", std::string("1/") + name);
    CHECK(other.unwrap().find("no key of an Azure Key Vault: ") != std::string::npos);
    CHECK(bench.requests().empty());
    CHECK(other.requests().empty());
  }
}

TEST_CASE("a wrapped key that is no base64url is not sent") {
  Bench bench;
  CHECK(bench.unwrap("a+b=") == "failed: failed to base64 decode Azure Key Vault encrypted key");
  CHECK(bench.requests().empty());
}

TEST_CASE("the newest version of a key is asked for once") {
  Bench bench;
  bench.set("version", "");
  bench.answers(
      {challenge(), token(), HttpResponse{200, {}, R"({"key":{"kid":"https://v.vault.azure.net/keys/k/0123abc"}})"}});
  name_azure_version(bench.entry, bench.environment, bench.access);
  CHECK(bench.entry.id() == "https://v.vault.azure.net/keys/k/0123abc");
  CHECK(bench.requests().back().method == "GET");
  CHECK(bench.requests().back().url == "https://v.vault.azure.net/keys/k/?api-version=7.4");
  RecipientEntry again = azure_recipient("https://v.vault.azure.net", "k", "");
  name_azure_version(again, bench.environment, bench.access);
  CHECK(again == bench.entry);
  CHECK(bench.requests().size() == 3);
  name_azure_version(again, bench.environment, bench.access);  // has one: nobody is asked
  for (const char* body : {"{}", R"({"key":{"kid":"x/"}})", R"({"key":{"kid":"a/b?c"}})"}) {
    RecipientEntry other = azure_recipient("https://v.vault.azure.net", "other", "");
    bench.answers({HttpResponse{200, {}, body}});
    try {
      name_azure_version(other, bench.environment, bench.access);
      FAIL("a version in " << body);
    } catch (const Error& error) {
      CHECK(std::string(error.what()) ==
            "failed to fetch Azure Key to retrieve key version of 'https://v.vault.azure.net/keys/other/': the answer "
            "names "
            "no version");
    }
  }
}

TEST_CASE("an Azure key without a version means each of its versions, and no other key") {
  const RecipientEntry any = azure_recipient("https://v.vault.azure.net", "k", "");
  const RecipientEntry one = azure_recipient("https://v.vault.azure.net", "k", "1");
  CHECK(any.means(one));
  CHECK(one.means(one));
  CHECK(!one.means(azure_recipient("https://v.vault.azure.net", "k", "12")));
  CHECK(!one.means(any));
  CHECK(!any.means(azure_recipient("https://v.vault.azure.net", "k2", "1")));
  CHECK(!any.means(azure_recipient("https://w.vault.azure.net", "k", "1")));
}

TEST_CASE("L3: no failure of Azure shows a secret, a token or the data key") {
  for (const int status : {400, 401, 403, 404, 429, 500, 503}) {
    Bench bench;
    bench.answers({challenge(), token(), HttpResponse{status, {}, "{}"}, token(), HttpResponse{status, {}, "{}"}});
    const std::string text = bench.wrap();
    CHECK(text.starts_with("failed: "));
    CHECK(text.find("canary") == std::string::npos);
    CHECK(text.find(data_key_text) == std::string::npos);
  }
}
