// AWS KMS recipients against a double; a server stands in tests/interop/aws_kms.py.
#include "recipients/aws_kms.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "recipients/aws_role.hpp"
#include "recipients/aws_time.hpp"
#include "recipients/recipient_list.hpp"
#include "support/http_double.hpp"

using namespace leafseal;

namespace {

const std::string data_key = "0123456789abcdef0123456789abcdef";
const std::string data_key_base64 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const std::string arn = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

HttpResponse session(const std::string& name) {
  return {200,
          {},
          "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA" + name +
              "</AccessKeyId><SecretAccessKey>secret&amp;canary</SecretAccessKey><SessionToken>token-" + name +
              "</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleResult>"
              "</AssumeRoleResponse>"};
}

struct Bench {
  Environment environment;
  HttpDouble service;
  std::string warnings;
  std::time_t now = 1767225600;  // 2026-01-01T00:00:00Z
  RecipientEntry entry{RecipientKind::kms, {{"arn", arn}, {"aws_profile", ""}}, {}, {}};
  AwsAccess access{environment};

  Bench() {
    environment.http = &service;
    environment.err = [this](std::string_view text) { warnings += text; };
    environment.clock = [this] { return now; };
    set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    set("AWS_SECRET_ACCESS_KEY", "secret-canary");
  }
  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }

  std::string wrap() {
    service.will_answer(HttpResponse{200, {}, R"({"CiphertextBlob":"d3JhcHBlZA==","KeyId":"x"})"});
    return wrap_failure();
  }
  std::string wrap_failure() {
    try {
      return make_aws_kms_recipient(entry, environment, access)->wrap(SecretBytes::copy_of(data_key));
    } catch (const Error& error) {
      return std::string("failed: ") + error.what();
    }
  }
  std::string unwrap(HttpResponse answer, std::string* hint = nullptr) {
    service.will_answer(std::move(answer));
    UnwrapResult result = make_aws_kms_recipient(entry, environment, access)->unwrap("d3JhcHBlZA==");
    if (const auto* failure = std::get_if<UnwrapFailure>(&result)) {
      if (hint != nullptr) *hint = failure->hint;
      return "failed: " + failure->reason;
    }
    return std::string(std::get<SecretBytes>(result).view());
  }
  std::string unwrap() { return unwrap(opened()); }
  static HttpResponse opened() { return {200, {}, R"({"Plaintext":")" + data_key_base64 + R"("})"}; }
  const HttpRequest& last() const { return service.requests().back(); }
};

const std::string decrypting = "failed: failed to decrypt sops data key with AWS KMS: ";
const std::string encrypting = "failed: failed to encrypt sops data key with AWS KMS: ";

}  // namespace

TEST_CASE("a data key is wrapped and unwrapped by the calls that AWS KMS documents") {
  Bench bench;
  CHECK(bench.wrap() == "d3JhcHBlZA==");
  CHECK(bench.last().method == "POST");
  CHECK(bench.last().url == "https://kms.eu-central-1.amazonaws.com/");
  CHECK(bench.last().body ==
        R"({"KeyId":")" + arn + R"(","Plaintext":")" + data_key_base64 + R"(","EncryptionContext":{}})");
  CHECK(header_of(bench.last(), "content-type") == "application/x-amz-json-1.1");
  CHECK(header_of(bench.last(), "x-amz-target") == "TrentService.Encrypt");
  CHECK(header_of(bench.last(), "x-amz-date") == "20260101T000000Z");
  CHECK(header_of(bench.last(), "x-amz-security-token").empty());
  CHECK(header_of(bench.last(), "authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-central-1/kms/aws4_request, "
                         "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="));
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().body == R"({"KeyId":")" + arn + R"(","CiphertextBlob":"d3JhcHBlZA==","EncryptionContext":{}})");
  CHECK(header_of(bench.last(), "x-amz-target") == "TrentService.Decrypt");
  CHECK(bench.warnings.empty());
}

TEST_CASE("the encryption context and a session token go along") {
  Bench bench;
  bench.set("AWS_SESSION_TOKEN", "token-canary");
  bench.entry.context = {{"app", "a \"b\""}, {"env", "prod"}};
  CHECK(bench.wrap() == "d3JhcHBlZA==");
  CHECK(bench.last().body.ends_with(R"("EncryptionContext":{"app":"a \"b\"","env":"prod"}})"));
  CHECK(header_of(bench.last(), "x-amz-security-token") == "token-canary");
  CHECK(header_of(bench.last(), "authorization").find("x-amz-date;x-amz-security-token;x-amz-target") !=
        std::string::npos);
}

TEST_CASE("an ARN names the region, and what is none is refused without a request") {
  const std::pair<const char*, const char*> good[] = {
      {"arn:aws:kms:us-west-2:107501996527:key/612d5f0p", "us-west-2"},
      {"arn:aws:kms:us-west-2:1:alias/a/b:c", "us-west-2"},
      {"arn:aws-us-gov:kms:us-gov-west-1:1:key/x", "us-gov-west-1"},
      {"arn:aws-cn:kms:cn-north-1:1:alias/x", "cn-north-1"},
      {"arn:aws:kms:a:1:key/x:2:key/y", "a:1:key/x"},  // greedy, as the reference's; no region
  };
  for (const auto& [text, region] : good) CHECK(region_of_kms_arn(text).value_or("none") == region);
  for (const char* text :
       {"", "alias/x", "1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms::1:key/x", "arn:aws:kms:eu-west-1::key/x",
        "arn:aws:kms:eu-west-1:1:key/", "arn:aws:kms:eu-west-1:x:key/x", "arn:aws:s3:eu-west-1:1:key/x",
        "arn:aws:kms:eu-west-1:1:grant/x", "arn:aws:kms:eu-west-1:1:key", " arn:aws:kms:eu-west-1:1:key/x",
        "arn:aws:kms:eu-west-1:1:key/x\ny", "arn:aws kms:kms:r:1:key/x"}) {
    INFO(text);
    CHECK(!region_of_kms_arn(text));
    Bench bench;
    bench.entry.fields[0].second = text;
    CHECK(bench.unwrap().starts_with("failed: no valid ARN found in '"));
    CHECK(bench.service.requests().empty());
  }
}

TEST_CASE("N3: a region that is none never becomes a host") {
  for (const std::string region : {"evil.test/", "evil.test#", "a@b", "eu-west-1.evil.test", "EU", "a b",
                                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a:1:key/x"}) {
    Bench bench;
    bench.entry.fields[0].second = "arn:aws:kms:" + region + ":1:key/x";
    INFO(region);
    CHECK(bench.unwrap() == decrypting + "no region of AWS: " + region);
    CHECK(bench.service.requests().empty());
  }
}

TEST_CASE("every partition has its hosts") {
  struct Row {
    const char* region;
    const char* variable;
    const char* host;
  };
  const char* none = "";
  const char* fips = "AWS_USE_FIPS_ENDPOINT";
  const char* dual = "AWS_USE_DUALSTACK_ENDPOINT";
  const Row rows[] = {
      {"us-east-1", none, "kms.us-east-1.amazonaws.com"},
      {"xx-new-9", none, "kms.xx-new-9.amazonaws.com"},
      {"us-gov-west-1", none, "kms.us-gov-west-1.amazonaws.com"},
      {"cn-north-1", none, "kms.cn-north-1.amazonaws.com.cn"},
      {"us-iso-east-1", none, "kms.us-iso-east-1.c2s.ic.gov"},
      {"us-isob-east-1", none, "kms.us-isob-east-1.sc2s.sgov.gov"},
      {"eu-isoe-west-1", none, "kms.eu-isoe-west-1.cloud.adc-e.uk"},
      {"us-isof-south-1", none, "kms.us-isof-south-1.csp.hci.ic.gov"},
      {"eusc-de-east-1", none, "kms.eusc-de-east-1.amazonaws.eu"},
      {"us-east-1", fips, "kms-fips.us-east-1.amazonaws.com"},
      {"us-east-1", dual, "kms.us-east-1.api.aws"},
      {"cn-north-1", dual, "kms.cn-north-1.api.amazonwebservices.com.cn"},
  };
  for (const Row& row : rows) {
    Bench bench;
    bench.entry.fields[0].second = std::string("arn:aws:kms:") + row.region + ":1:key/x";
    if (row.variable[0] != '\0') bench.set(row.variable, "true");
    CHECK(bench.unwrap() == data_key);
    CHECK(bench.last().url == std::string("https://") + row.host + "/");
  }
}

TEST_CASE("an endpoint of the user's own wins, the most specific one first") {
  Bench bench;
  bench.set("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/");
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().url == "http://127.0.0.1:4566/");
  bench.set("AWS_ENDPOINT_URL_KMS", "https://kms.own.test");
  bench.set("AWS_ENDPOINT_URL_STS", "https://sts.own.test");
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().url == "https://kms.own.test/");
  bench.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().url == "https://kms.eu-central-1.amazonaws.com/");
  bench.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "perhaps");
  CHECK(bench.unwrap() == decrypting + "could not parse AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  bench.set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "");
  bench.set("AWS_ENDPOINT_URL_KMS", "kms.own.test");
  CHECK(bench.unwrap() == decrypting + "AWS_ENDPOINT_URL_KMS is no http or https address: kms.own.test");
  CHECK(bench.warnings.empty());
}

TEST_CASE("an endpoint without TLS that is not on this machine is warned of once, and refused under strict") {
  Bench bench;
  bench.set("AWS_ENDPOINT_URL", "http://kms.own.test:4566");
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.unwrap() == data_key);
  const std::string said = "data keys go to http://kms.own.test:4566 without TLS, as AWS_ENDPOINT_URL says";
  CHECK(bench.warnings.find(said) != std::string::npos);
  CHECK(bench.warnings.find(said) == bench.warnings.rfind(said));
  bench.environment.strict = true;
  const std::size_t before = bench.service.requests().size();
  CHECK(bench.wrap_failure() == "failed: " + said + ", and strict is on");
  CHECK(bench.service.requests().size() == before);
}

TEST_CASE("the authority of AWS_CA_BUNDLE and the number of AWS_MAX_ATTEMPTS go into the request") {
  Bench bench;
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().tries == 3);
  CHECK(bench.last().tls.ca_file.empty());
  bench.set("AWS_CA_BUNDLE", "/own/ca.pem");
  bench.set("AWS_MAX_ATTEMPTS", "1");
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.last().tries == 1);
  CHECK(bench.last().tls.ca_file == "/own/ca.pem");
  bench.set("AWS_MAX_ATTEMPTS", "many");
  CHECK(bench.unwrap() == decrypting + "could not load AWS config: invalid value for AWS_MAX_ATTEMPTS, many");
}

TEST_CASE("a service that is throttled is asked again, one that refuses is not") {
  Bench bench;
  bench.unwrap();
  const auto& transient = bench.last().transient;
  REQUIRE(transient);
  CHECK(transient({400, {}, R"({"__type":"ThrottlingException","message":"Rate exceeded"})"}));
  CHECK(transient({400, {{"x-amzn-errortype", "TooManyRequestsException:http://x"}}, "{}"}));
  CHECK(!transient({400, {}, R"({"__type":"AccessDeniedException","message":"Throttling"})"}));
  CHECK(!transient({200, {}, R"({"__type":"ThrottlingException"})"}));
}

TEST_CASE("a refusal is told with the service's reason") {
  Bench bench;
  std::string hint;
  const std::string operation = "operation error KMS: Decrypt, https response error StatusCode: ";
  const HttpResponse denied = {400,
                               {{"x-amzn-requestid", "r-1"}},
                               R"({"__type":"AccessDeniedException","Message":"User: x is not authorized"})"};
  CHECK(bench.unwrap(denied, &hint) ==
        decrypting + operation + "400, RequestID: r-1, AccessDeniedException: User: x is not authorized");
  CHECK(hint == "these credentials may not do this: look at the policies of the identity and of the key");
  CHECK(
      bench.unwrap({400, {}, R"({"__type":"com.amazonaws.kms#NotFoundException","message":"Key 'k' does not exist"})"},
                   &hint) == decrypting + operation + "400, RequestID: , NotFoundException: Key 'k' does not exist");
  CHECK(hint == "look at the ARN: its region, its account, its name");
  CHECK(bench.unwrap({400, {}, R"({"__type":"InvalidCiphertextException"})"}, &hint) ==
        decrypting + operation + "400, RequestID: , InvalidCiphertextException: ");
  CHECK(hint == "the encryption context must be the one that the data key was wrapped with");
  CHECK(bench.unwrap({502, {}, "<html>\x1b[2J"}) == decrypting + operation + "502, RequestID: , <html>\\x1b[2J");
  CHECK(bench.unwrap({200, {}, "{}"}) == decrypting + "operation error KMS: Decrypt, the answer has no Plaintext");
  CHECK(bench.unwrap({200, {}, "<html>"}) == decrypting + "operation error KMS: Decrypt, the answer has no Plaintext");
  CHECK(bench.unwrap({200, {}, R"({"Plaintext":"&"})"}) == decrypting + "the answer's Plaintext is no base64");
  CHECK(bench.wrap_failure() == encrypting + "no answer from the double: connection refused");
}

TEST_CASE("what is no base64 is not sent") {
  Bench bench;
  const UnwrapResult result = make_aws_kms_recipient(bench.entry, bench.environment, bench.access)->unwrap("d3Jh&");
  CHECK(std::get<UnwrapFailure>(result).reason ==
        "error base64-decoding encrypted data key: illegal base64 data at input byte 4");
  CHECK(bench.service.requests().empty());
}

TEST_CASE("L3: no failure shows a secret key, a token or the data key") {
  Bench bench;
  bench.set("AWS_SESSION_TOKEN", "token-canary");
  for (const int status : {400, 401, 403, 404, 429, 500, 503}) {
    CHECK(bench.unwrap({status, {}, "{}"}).find("canary") == std::string::npos);
    bench.service.will_answer(HttpResponse{status, {}, "{}"});
    const std::string text = bench.wrap_failure();
    CHECK(text.find("canary") == std::string::npos);
    CHECK(text.find(data_key_base64) == std::string::npos);
  }
}

TEST_CASE("a role is taken on with the keys at hand, once for many files, and again before it expires") {
  Bench bench;
  bench.entry.fields.emplace_back("role", "arn:aws:iam::1:role/r");
  bench.service.will_answer(session("ONE"));
  CHECK(bench.unwrap() == data_key);
  REQUIRE(bench.service.requests().size() == 2);
  const HttpRequest asked = bench.service.requests()[0];
  CHECK(asked.url == "https://sts.eu-central-1.amazonaws.com/");
  CHECK(
      asked.body.starts_with("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&"
                             "RoleSessionName=sops%40"));
  CHECK(header_of(asked, "authorization").find("Credential=AKIDEXAMPLE/20260101/eu-central-1/sts/") !=
        std::string::npos);
  CHECK(header_of(bench.last(), "authorization").find("Credential=ASIAONE/") != std::string::npos);
  CHECK(header_of(bench.last(), "x-amz-security-token") == "token-ONE");
  bench.now += 3500;
  CHECK(bench.unwrap() == data_key);
  CHECK(bench.service.requests().size() == 3);
  bench.now += 50;
  bench.service.will_answer(session("TWO"));
  CHECK(bench.unwrap() == data_key);
  REQUIRE(bench.service.requests().size() == 5);
  CHECK(header_of(bench.last(), "x-amz-security-token") == "token-TWO");
}

TEST_CASE("a role that may not be taken on is named") {
  Bench bench;
  bench.entry.fields.emplace_back("role", "arn:aws:iam::1:role/r");
  const HttpResponse denied = {403,
                               {},
                               "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
                               "<Message>not &lt;you&gt;</Message></Error><RequestId>r-2</RequestId>"
                               "</ErrorResponse>"};
  CHECK(bench.unwrap(denied) ==
        "failed: failed to assume role 'arn:aws:iam::1:role/r': operation error STS: AssumeRole, https response error "
        "StatusCode: 403, RequestID: r-2, AccessDenied: not <you>");
  CHECK(bench.unwrap({200, {}, "<html>"}) ==
        "failed: failed to assume role 'arn:aws:iam::1:role/r': the answer of STS holds no credentials");
}

TEST_CASE("a session is named as the reference names it") {
  CHECK(role_session_name("42WQm042") == "sops@42WQm042");
  CHECK(role_session_name("my-host.example_1") == "sops@myhost.example_1");
  CHECK(role_session_name("a@b[c]^d e~") == "sops@a@b[c]^de");
  CHECK(role_session_name(std::string(100, 'x')) == "sops@" + std::string(59, 'x'));
}

TEST_CASE("times of expiry") {
  CHECK(parse_aws_time("2026-01-01T00:00:00Z") == 1767225600);
  CHECK(parse_aws_time("2026-01-01T01:00:00+01:00") == 1767225600);
  CHECK(parse_aws_time("2026-01-01T00:00:00UTC") == 1767225600);
  CHECK(!parse_aws_time(""));
  CHECK(!parse_aws_time("tomorrow"));
}

TEST_CASE("opening is silent, but where the profile wants a one-time code or runs a program") {
  Bench bench;
  const auto cost = [&](const std::string& profile) {
    bench.entry.fields[1].second = profile;
    AwsAccess access(bench.environment);
    return make_aws_kms_recipient(bench.entry, bench.environment, access)->unwrap_cost();
  };
  char pattern[] = "/tmp/lsa-XXXXXX";
  const std::string folder = mkdtemp(pattern);
  std::ofstream(folder + "/config") << "[profile plain]\nregion = x\n[profile code]\nrole_arn = r\nmfa_serial = m\n"
                                       "source_profile = plain\n[profile vault]\ncredential_process = p\n"
                                       "[profile through]\nsource_profile = code\n[profile circle]\nsource_profile = circle\n";
  bench.set("AWS_CONFIG_FILE", folder + "/config");
  CHECK(cost("") == UnwrapCost::service);
  CHECK(cost("plain") == UnwrapCost::service);
  CHECK(cost("circle") == UnwrapCost::service);
  CHECK(cost("nobody") == UnwrapCost::service);  // fails without a question
  for (const std::string profile : {"code", "vault", "through"}) {
    CHECK(cost(profile) == UnwrapCost::asks);
    bench.set("AWS_PROFILE", profile);
    CHECK(cost("") == UnwrapCost::service);  // the keys in the environment are used
    bench.environment.variables.erase("AWS_ACCESS_KEY_ID");
    CHECK(cost("") == UnwrapCost::asks);
    bench.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  }
  CHECK(bench.service.requests().empty());
  std::filesystem::remove_all(folder);
}
