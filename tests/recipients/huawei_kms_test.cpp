// Huawei Cloud KMS recipients against a double; the fake, and sops beside it, stand in tests/interop/huawei_kms.py.
#include "recipients/huawei_kms.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "support/http_double.hpp"

using namespace leafseal;

namespace {

const std::string data_key = "0123456789abcdef0123456789abcdef";
const std::string data_key_base64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const std::string uuid = "11111111-2222-3333-4444-555555555555";
const std::string encrypting = "failed: failed to encrypt sops data key with HuaweiCloud KMS: ";
const std::string decrypting = "failed: failed to decrypt sops data key with HuaweiCloud KMS: ";
const std::string no_client = "failed: failed to create HuaweiCloud KMS client: ";

HttpResponse credential(const std::string& name, const std::string& until = "2026-01-01T06:00:00.000000Z") {
  return {200, {{"x-subject-token", "subject-canary"}},
          R"({"credential":{"access":")" + name + R"(","secret":"secret-canary","securitytoken":"token-)" + name +
              R"(","expires_at":")" + until + R"("}})"};
}

struct Bench {
  Environment environment;
  HttpDouble service;
  std::string warnings, folder, hint;
  std::time_t now = 1767225600;  // 2026-01-01T00:00:00Z
  RecipientEntry entry{RecipientKind::hckms, {{"key_id", "tr-west-1:" + uuid}}, {}, {}};
  HuaweiAccess access{environment};

  Bench() {
    char pattern[] = "/tmp/lsh-XXXXXX";
    folder = mkdtemp(pattern);
    environment.http = &service;
    environment.err = [this](std::string_view text) { warnings += text; };
    environment.clock = [this] { return now; };
    set("HOME", folder);
    keys();
  }
  ~Bench() { std::filesystem::remove_all(folder); }
  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }
  void unset(const std::string& name) { environment.variables.erase(name); }
  void keys() {
    set("HUAWEICLOUD_SDK_AK", "AK-env");
    set("HUAWEICLOUD_SDK_SK", "secret-canary");
    set("HUAWEICLOUD_SDK_PROJECT_ID", "project-env");
  }
  void no_keys() {
    for (const char* name : {"AK", "SK", "PROJECT_ID"}) unset(std::string("HUAWEICLOUD_SDK_") + name);
  }
  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(folder + "/" + name).parent_path());
    std::ofstream(folder + "/" + name) << text;
    return folder + "/" + name;
  }

  std::string wrap(HttpResponse answer) {
    service.will_answer(std::move(answer));
    return wrap();
  }
  std::string wrap() {
    try {
      return make_huawei_kms_recipient(entry, environment, access)->wrap(SecretBytes::copy_of(data_key));
    } catch (const Error& error) {
      hint = error.hints().empty() ? "" : error.hints().front();
      return std::string("failed: ") + error.what();
    }
  }
  std::string unwrap(HttpResponse answer) {
    service.will_answer(std::move(answer));
    return unwrap_as_it_is();
  }
  std::string unwrap() { return unwrap(opened()); }
  std::string unwrap_as_it_is() {
    UnwrapResult result = make_huawei_kms_recipient(entry, environment, access)->unwrap("c2VhbGVk");
    if (const auto* failure = std::get_if<UnwrapFailure>(&result)) {
      hint = failure->hint;
      return "failed: " + failure->reason;
    }
    return std::string(std::get<SecretBytes>(result).view());
  }
  static HttpResponse opened() { return {200, {}, R"({"key_id":"x","plain_text":")" + data_key_base64 + R"("})"}; }
  const HttpRequest& last() const { return service.requests().back(); }
  std::string access_key() const {
    const std::string text = header_of(last(), "authorization");
    const std::size_t begin = text.find("Access=") + 7;
    return text.substr(begin, text.find(',') - begin);
  }
};

}  // namespace

TEST_CASE("a data key is wrapped and unwrapped by the calls of Huawei Cloud KMS", "[huawei]") {
  Bench bench;
  CHECK(bench.wrap({200, {}, R"({"key_id":"x","cipher_text":"c2VhbGVk"})"}) == "c2VhbGVk");
  CHECK(bench.last().method == "POST");
  CHECK(bench.last().url == "https://kms.tr-west-1.myhuaweicloud.com/v1.0/project-env/kms/encrypt-data");
  CHECK(bench.last().body == R"({"key_id":")" + uuid + R"(","plain_text":")" + data_key_base64 +
                                 R"(","encryption_algorithm":"SYMMETRIC_DEFAULT"})");
  CHECK(header_of(bench.last(), "content-type") == "application/json");
  CHECK(header_of(bench.last(), "x-project-id") == "project-env");
  CHECK(header_of(bench.last(), "x-sdk-date") == "20260101T000000Z");
  CHECK(header_of(bench.last(), "authorization")
            .starts_with("SDK-HMAC-SHA256 Access=AK-env, SignedHeaders=x-project-id;x-sdk-date, Signature="));
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().url == "https://kms.tr-west-1.myhuaweicloud.com/v1.0/project-env/kms/decrypt-data");
  CHECK(bench.last().body ==
        R"({"cipher_text":"c2VhbGVk","encryption_algorithm":"SYMMETRIC_DEFAULT","key_id":")" + uuid + R"("})");
  CHECK(bench.warnings.empty());
}

TEST_CASE("a region is checked before it becomes part of a host [N3]", "[huawei]") {
  Bench bench;
  for (const std::string region : {"evil.example/", "a.b", "x@evil.example", "tr-west-1#", "TR-WEST-1", "a b",
                                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "tr-west-1\n"}) {
    bench.entry.fields[0].second = region + ":" + uuid;
    if (region == "tr-west-1\n") continue;  // blanks at its ends are not its
    INFO(region);
    CHECK(bench.unwrap_as_it_is().starts_with(no_client + "invalid region \""));
    CHECK(bench.wrap().starts_with(no_client + "invalid region \""));
  }
  bench.entry.fields[0].second = "xx-nowhere-1:" + uuid;
  CHECK(bench.unwrap_as_it_is() == no_client + "invalid region \"xx-nowhere-1\": Huawei Cloud KMS is not known to be there");
  CHECK(bench.hint == "a new region: set HUAWEICLOUD_SDK_REGION_KMS_XX_NOWHERE_1 to its address");
  for (const std::string& id : std::vector<std::string>{"", "tr-west-1", ":" + uuid, "tr-west-1:"}) {
    bench.entry.fields[0].second = id;
    CHECK(bench.unwrap_as_it_is().find("key ID") != std::string::npos);
  }
  CHECK(bench.service.requests().empty());
  bench.entry.fields[0].second = "eu-west-101:" + uuid;
  bench.unwrap();
  CHECK(bench.last().url.starts_with("https://kms.eu-west-101.myhuaweicloud.eu/"));
}

TEST_CASE("the user's own addresses: variable, several, without TLS, a file that is not read [N3]", "[huawei]") {
  Bench bench;
  const std::string variable = "HUAWEICLOUD_SDK_REGION_KMS_TR_WEST_1";
  bench.write(".huaweicloud/regions.yaml", "KMS:\n  - id: tr-west-1\n    endpoint: https://own.example\n");
  CHECK(bench.unwrap_as_it_is().find("regions.yaml is not read") != std::string::npos);
  CHECK(bench.hint.find(variable) != std::string::npos);
  CHECK(bench.service.requests().empty());

  bench.set(variable, "https://first.example/,https://second.example");
  bench.service.will_answer(HttpError(HttpFault::no_host, "no answer"));
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.service.requests().at(0).url.starts_with("https://first.example/v1.0/"));
  CHECK(bench.last().url.starts_with("https://second.example/v1.0/"));
  bench.service.will_answer(HttpError(HttpFault::timeout, "no answer in time"));
  CHECK(bench.unwrap_as_it_is() == decrypting + "no answer in time");

  for (const std::string bad : {"kms.example", "ftp://kms.example", "https://a b"}) {
    bench.set(variable, bad);
    CHECK(bench.unwrap_as_it_is().find(variable + " is no http or https address") != std::string::npos);
  }
  bench.set(variable, "http://kms.example:8080");
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.warnings == "leafseal: warning: data keys go to http://kms.example:8080 without TLS, as " + variable + " says\n");
  bench.environment.strict = true;
  const std::size_t before = bench.service.requests().size();
  CHECK(bench.unwrap_as_it_is().find("without TLS") != std::string::npos);
  CHECK(bench.service.requests().size() == before);
  bench.set(variable, "http://127.0.0.1:8080");
  CHECK(bench.unwrap() == data_key);
}

TEST_CASE("each source of credentials goes before those behind it", "[huawei]") {
  // Every pair: the earlier one is used, and the later one alone works.
  const std::vector<std::string> sources = {"id token in variables", "keys in variables", "id token in the file",
                                            "keys in the file", "instance", "pod"};
  const auto provide = [](Bench& bench, std::size_t source) {
    const std::string token = bench.write("token", " id-canary \n");
    switch (source) {
      case 0:
        bench.set("HUAWEICLOUD_SDK_IDP_ID", "idp");
        bench.set("HUAWEICLOUD_SDK_ID_TOKEN_FILE", token);
        break;
      case 1: bench.keys(); break;
      case 2:
      case 3: {
        static std::string text;
        const bool both = std::filesystem::exists(bench.folder + "/.huaweicloud/credentials");
        if (!both) text = "[basic]\n";
        text += source == 2 ? "idp_id = idp\nid_token_file = " + token + "\n" : "ak = AK-file\nsk = \"s#c\" # comment\n";
        bench.write(".huaweicloud/credentials", text);
        break;
      }
      case 5:
        bench.set("HC_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/v1/credentials");
        bench.set("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", token);
        break;
      default: break;
    }
  };
  const auto expect = [](Bench& bench, std::size_t source, bool instance) {
    const HttpError nobody(HttpFault::unreachable, "no answer");
    if (source == 0 || source == 2) {
      bench.service.will_answer(credential("first"));
      bench.service.will_answer(credential("AK-token"));
    }
    if (source == 4) {
      bench.service.will_answer(HttpResponse{200, {}, "metadata-canary"});
      bench.service.will_answer(credential("AK-instance"));
    }
    if (source == 5) {
      if (!instance) bench.service.will_answer(nobody);
      bench.service.will_answer(HttpResponse{200, {}, R"({"credentials":{"accessKeyId":"AK-pod","secretAccessKey":"s",)"
                                                      R"("securityToken":"t","expiration":"2026-01-01T06:00:00Z"}})"});
    }
    bench.service.will_answer(HttpResponse{200, {}, R"({"projects":[{"id":"project-iam","name":"tr-west-1"}]})"});
    return std::vector<std::string>{"AK-token", "AK-env", "AK-token", "AK-file", "AK-instance", "AK-pod"}[source];
  };
  for (std::size_t first = 0; first < sources.size(); ++first) {
    for (std::size_t second = first; second < sources.size(); ++second) {
      DYNAMIC_SECTION(sources[first] << " and " << sources[second]) {
        Bench bench;
        bench.no_keys();
        provide(bench, first);
        if (second != first) provide(bench, second);
        bench.unset("HUAWEICLOUD_SDK_PROJECT_ID");
        const std::string wanted = expect(bench, first, false);
        CHECK(bench.unwrap() == data_key);
        CHECK(bench.access_key() == wanted);
        CHECK(bench.last().url.find("/v1.0/project-iam/kms/") != std::string::npos);
      }
    }
  }
}

TEST_CASE("the project is asked for once in each region, where nobody names it", "[huawei]") {
  Bench bench;
  bench.unset("HUAWEICLOUD_SDK_PROJECT_ID");
  bench.service.will_answer(HttpResponse{200, {}, R"({"projects":[{"id":"p1"}]})"});
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.service.requests().at(0).url == "https://iam.tr-west-1.myhuaweicloud.com/v3/projects?name=tr-west-1");
  CHECK(header_of(bench.service.requests().at(0), "authorization").starts_with("SDK-HMAC-SHA256 Access=AK-env"));
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.service.requests().size() == 3);
  bench.entry.fields[0].second = "af-north-1:" + uuid;
  const std::string failed = no_client + "failed to get project id of region 'af-north-1' automatically: ";
  bench.service.will_answer(HttpResponse{200, {}, R"({"projects":[]})"});
  CHECK(bench.unwrap_as_it_is() == failed + "the account has no project there");
  CHECK(bench.last().url == "https://iam.myhuaweicloud.com/v3/projects?name=af-north-1");
  CHECK(bench.hint == "set HUAWEICLOUD_SDK_PROJECT_ID, or project_id in the credentials file");
  bench.service.will_answer(HttpResponse{200, {}, R"({"projects":[{"id":"a"},{"id":"b"}]})"});
  CHECK(bench.unwrap_as_it_is() == failed + "multiple project ids found: [a,b,...]");
  bench.set("HUAWEICLOUD_SDK_IAM_ENDPOINT", "iam.example");
  bench.service.will_answer(HttpResponse{401, {{"x-request-id", "r1"}}, R"({"error_code":"APIG.0301","error_msg":"no"})"});
  CHECK(bench.unwrap_as_it_is() == failed + "status 401, APIG.0301: no (request r1)");
  CHECK(bench.last().url == "https://iam.example/v3/projects?name=af-north-1");
}

TEST_CASE("a login by an identity token, and keys that expire", "[huawei]") {
  Bench bench;
  bench.set("HUAWEICLOUD_SDK_IDP_ID", "provider");
  bench.set("HUAWEICLOUD_SDK_ID_TOKEN_FILE", bench.write("token", "id-canary\n"));
  bench.service.will_answer(credential("ignored"));
  bench.service.will_answer(credential("AK-1"));
  CHECK(bench.unwrap() == data_key);
  const auto& requests = bench.service.requests();
  CHECK(requests.at(0).url == "https://iam.myhuaweicloud.com/v3.0/OS-AUTH/id-token/tokens");
  CHECK(header_of(requests.at(0), "x-idp-id") == "provider");
  CHECK(requests.at(0).body == R"({"auth":{"id_token":{"id":"id-canary"}}})");
  CHECK(requests.at(1).url == "https://iam.myhuaweicloud.com/v3.0/OS-CREDENTIAL/securitytokens");
  CHECK(requests.at(1).body ==
        R"({"auth":{"identity":{"methods":["token"],"token":{"id":"subject-canary","duration_seconds":21600}}}})");
  CHECK(header_of(requests.at(1), "authorization").empty());
  CHECK(header_of(requests.at(2), "x-security-token") == "token-AK-1");
  CHECK(bench.unwrap() == data_key);
  CHECK(requests.size() == 4);  // the keys are kept
  bench.now += 6 * 3600 - 30;   // until shortly before they expire
  bench.service.will_answer(credential("ignored"));
  bench.service.will_answer(credential("AK-2", "2027-01-01T00:00:00Z"));
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.access_key() == "AK-2");

  HuaweiAccess fresh(bench.environment);
  const auto failure = [&] {
    const UnwrapResult result = make_huawei_kms_recipient(bench.entry, bench.environment, fresh)->unwrap("c2VhbGVk");
    return std::get<UnwrapFailure>(result).reason;
  };
  bench.service.will_answer(HttpResponse{401, {}, R"({"error":{"code":401,"message":"the token has expired"}})"});
  CHECK("failed: " + failure() == no_client + "status 401, 401: the token has expired");
  bench.write("token", " \n");
  CHECK(failure().find("file content is empty") != std::string::npos);
}

TEST_CASE("nobody is asked with a metadata host's patience, and no source at all names them all [N7]", "[huawei]") {
  Bench bench;
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.service.requests().size() == 1);  // keys are there: no metadata
  bench.no_keys();
  HuaweiAccess none(bench.environment);
  const UnwrapResult result = make_huawei_kms_recipient(bench.entry, bench.environment, none)->unwrap("c2VhbGVk");
  const std::string reason = std::get<UnwrapFailure>(result).reason;
  CHECK(reason.find("unable to get credential in providers: AK&SK or IdpId&IdTokenFile does not exist; ") != std::string::npos);
  CHECK(reason.find("/.huaweicloud/credentials") != std::string::npos);
  CHECK(reason.find("HC_CONTAINER_CREDENTIALS_FULL_URI must be set") != std::string::npos);
  CHECK(bench.last().url == "http://169.254.169.254/meta-data/latest/api/token");
  CHECK(bench.last().direct);
  CHECK(bench.last().timeout == std::chrono::seconds(1));
  CHECK(bench.last().tries == 1);

  bench.set("HC_CONTAINER_CREDENTIALS_FULL_URI", "http://agent.example/");
  bench.set("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE", bench.write("token", "pod-canary"));
  const std::size_t before = bench.service.requests().size();
  const UnwrapResult foreign = make_huawei_kms_recipient(bench.entry, bench.environment, none)->unwrap("c2VhbGVk");
  CHECK(std::get<UnwrapFailure>(foreign).reason.find("no https address and not on this machine") != std::string::npos);
  CHECK(bench.service.requests().size() == before + 1);  // the metadata host alone
}

TEST_CASE("an instance without metadata tokens is asked without one", "[huawei]") {
  for (const int status : {404, 405, 503}) {
    Bench bench;
    bench.no_keys();
    bench.service.will_answer(HttpResponse{status, {}, ""});
    bench.service.will_answer(credential("AK-instance"));
    bench.service.will_answer(HttpResponse{200, {}, R"({"projects":[{"id":"p"}]})"});
    CHECK(bench.unwrap() == data_key);
    CHECK(header_of(bench.service.requests().at(1), "x-metadata-token").empty());
  }
}

TEST_CASE("what the service refuses is said with its reason and a hint, never a secret", "[huawei]") {
  Bench bench;
  CHECK(bench.wrap({404, {{"x-request-id", "r9"}}, R"({"error_code":"KMS.2103","error_msg":"Key does not exist."})"}) ==
        encrypting + "status 404, KMS.2103: Key does not exist. (request r9)");
  CHECK(bench.hint == "look at the key id: its region, its UUID");
  CHECK(bench.unwrap({400, {}, R"({"error":{"error_code":"KMS.2116","error_msg":"The ciphertext is invalid."}})"}) ==
        decrypting + "status 400, KMS.2116: The ciphertext is invalid.");
  CHECK(bench.hint == "the data key was wrapped by another key than the entry names");
  CHECK(bench.unwrap({403, {}, "<html>\x1b[31m"}) == decrypting + "status 403: <html>\\x1b[31m");
  CHECK(bench.unwrap({200, {}, "<html>"}) == "failed: decryption response missing plaintext");
  CHECK(bench.hint == "what answers there is not Huawei Cloud KMS");
  CHECK(bench.unwrap({200, {}, R"({"plain_text":"no base64!"})"}).find("illegal base64 data") != std::string::npos);
  CHECK(bench.wrap({200, {}, "{}"}) == "failed: encryption response missing ciphertext");
}
