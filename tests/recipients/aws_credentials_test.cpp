// The chain of sources of AWS credentials: each source alone, every pair of them, roles on top, and expiry.
#include "recipients/aws_credentials.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "recipients/aws_access.hpp"
#include "support/http_double.hpp"

using namespace leafseal;

namespace {

constexpr std::time_t now = 1767225600;  // 2026-01-01T00:00:00Z

std::string json_keys(const std::string& id, const std::string& token = "Token") {
  return json_object({{"Code", json_string("Success")},
                      {"Version", "1"},
                      {"AccessKeyId", json_string(id)},
                      {"SecretAccessKey", json_string("secret-canary")},
                      {token, json_string("token-" + id)},
                      {"Expiration", json_string("2026-01-01T01:00:00Z")}});
}

std::string value_in_form(const std::string& form, const std::string& name) {
  const std::size_t at = ("&" + form).find("&" + name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  return form.substr(begin, form.find('&', begin) - begin);
}

// All services that give credentials, each by its address. STS names the keys that a role was taken on with.
class Services final : public Http {
 public:
  std::vector<HttpRequest> requests;
  std::string instance_code = "Success";
  bool machine = true;  // an EC2 instance

  HttpResponse send(const HttpRequest& request, const Environment&) override {
    requests.push_back(request);
    const std::string& url = request.url;
    if (url.starts_with("https://sts.eu-west-1.amazonaws.com/")) return sts(request);
    if (url == "http://169.254.170.2/task") return {200, {}, json_keys("CONTAINER")};
    if (url == "http://127.0.0.1:8080/pod") return {200, {}, json_keys("POD")};
    if (url.starts_with("https://portal.sso.us-east-1.amazonaws.com/federation/credentials?")) return sso(request);
    if (url == "https://oidc.us-east-1.amazonaws.com/token") {
      return {200, {}, R"({"accessToken":"renewed","expiresIn":3600,"refreshToken":"next"})"};
    }
    if (url.starts_with("http://169.254.169.254/") && machine) return instance(request);
    throw HttpError(HttpFault::unreachable, "no answer from " + url.substr(0, url.find('/', 8)) + ": no route");
  }

 private:
  static HttpResponse sts(const HttpRequest& request) {
    const std::string role = value_in_form(request.body, "RoleArn");
    std::string id = "WEB";
    if (value_in_form(request.body, "Action") == "AssumeRole") {
      const std::string header = header_of(request, "authorization");
      const std::size_t begin = header.find("Credential=") + 11;
      id = "ROLE(" + header.substr(begin, header.find('/', begin) - begin) + ")";
    } else if (value_in_form(request.body, "WebIdentityToken") != "jwt" ||
               !header_of(request, "authorization").empty()) {
      return {400, {}, "<Error><Code>InvalidIdentityToken</Code><Message>no</Message></Error>"};
    }
    return {200,
            {},
            "<Credentials><AccessKeyId>" + id + "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t" +
                "</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>"};
  }
  static HttpResponse sso(const HttpRequest& request) {
    const std::string token = header_of(request, "x-amz-sso_bearer_token");
    if (token != "sso" && token != "renewed") return {401, {}, R"({"message":"Session token not found or invalid"})"};
    return {200,
            {},
            R"({"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","expiration":)"
            R"(1767229200000}})"};
  }
  HttpResponse instance(const HttpRequest& request) const {
    if (request.url == "http://169.254.169.254/latest/api/token") {
      const bool good = request.method == "PUT" && header_of(request, "x-aws-ec2-metadata-token-ttl-seconds") == "300";
      return good ? HttpResponse{200, {}, "imds"} : HttpResponse{400, {}, ""};
    }
    if (header_of(request, "x-aws-ec2-metadata-token") != "imds") return {401, {}, ""};
    const std::string path = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
    if (request.url == path) return {200, {}, "my role\n"};
    if (request.url != path + "my%20role") return {404, {}, ""};
    return instance_code == "Success" ? HttpResponse{200, {}, json_keys("INSTANCE")}
                                      : HttpResponse{200, {}, R"({"Code":")" + instance_code + "\"}"};
  }
};

struct Bench {
  std::string home;
  Services services;
  Environment environment;
  std::string profile_lines;  // of [default]
  std::string other_lines;

  Bench() {
    char pattern[] = "/tmp/lsa-XXXXXX";
    home = mkdtemp(pattern);
    for (const char* folder : {"/.aws/sso/cache", "/.aws/login/cache"}) {
      std::filesystem::create_directories(home + folder);
    }
    environment.http = &services;
    environment.clock = [] { return now; };
    environment.variables = {{"HOME", home}, {"PATH", "/usr/bin:/bin"}};
  }
  ~Bench() { std::filesystem::remove_all(home); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }
  void write(const std::string& path, const std::string& text) const { std::ofstream(home + path) << text; }

  // The id of the keys that the chain finds, or why it finds none.
  std::string find(const std::string& named = "", std::string* hint = nullptr) {
    write("/.aws/config", "[default]\n" + profile_lines + "[profile src]\naws_access_key_id = SRC\n" +
                              "aws_secret_access_key = s\n" + other_lines);
    try {
      const auto files = std::make_shared<const AwsSections>(read_aws_config_files(environment));
      const AwsProfile profile = AwsProfile::select(named, files, environment);
      return find_aws_credentials(profile, "eu-west-1", environment).keys.id;
    } catch (const Error& error) {
      if (hint != nullptr && !error.hints().empty()) *hint = error.hints().front();
      return std::string("failed: ") + error.what();
    }
  }
};

// sha1("corp"), sha256("me"): what the caches' files are named after.
const std::string sso_cache = "/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

struct Source {
  const char* name;
  const char* id;   // of the keys that it gives
  bool of_profile;  // stands in the profile
  bool has_role;    // and needs a role_arn
  bool exclusive;   // one of the types of which a profile may have one
  void (*set_up)(Bench&);
};

void add(Bench& bench, const std::string& lines) { bench.profile_lines += lines; }

void add_role(Bench& bench) {
  if (bench.profile_lines.find("role_arn") == std::string::npos) add(bench, "role_arn = arn:aws:iam::1:role/r\n");
}

void write_sso(Bench& bench, const std::string& expires) {
  bench.write(sso_cache, R"({"accessToken":"sso","expiresAt":")" + expires + R"(","startUrl":"https://corp"})");
}

// In the order of the chain.
const Source sources[] = {
    {"environment", "ENV", false, false, false,
     [](Bench& bench) {
       bench.set("AWS_ACCESS_KEY_ID", "ENV");
       bench.set("AWS_SECRET_ACCESS_KEY", "s");
     }},
    {"web identity of the environment", "WEB", false, false, false,
     [](Bench& bench) {
       bench.write("/jwt", "jwt");
       bench.set("AWS_WEB_IDENTITY_TOKEN_FILE", bench.home + "/jwt");
       bench.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/env");
     }},
    {"source profile", "SRC", true, true, true,
     [](Bench& bench) {
       add_role(bench);
       add(bench, "source_profile = src\n");
     }},
    {"keys of the profile", "PROFILE", true, false, false,
     [](Bench& bench) { add(bench, "aws_access_key_id = PROFILE\naws_secret_access_key = s\n"); }},
    {"credential source", "INSTANCE", true, true, true,
     [](Bench& bench) {
       add_role(bench);
       add(bench, "credential_source = Ec2InstanceMetadata\n");
     }},
    {"web identity of the profile", "WEB", true, true, true,
     [](Bench& bench) {
       add_role(bench);
       bench.write("/jwt", "jwt");
       add(bench, "web_identity_token_file = " + bench.home + "/jwt\n");
     }},
    {"SSO", "SSO", true, false, false,
     [](Bench& bench) {
       write_sso(bench, "2026-01-01T01:00:00Z");
       add(bench, "sso_session = corp\nsso_account_id = 1\nsso_role_name = r\n");
       bench.other_lines += "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp\n";
     }},
    {"login session", "LOGIN", true, false, false,
     [](Bench& bench) {
       bench.write("/.aws/login/cache/2744ccd10c7533bd736ad890f9dd5cab2adb27b07d500b9493f29cdc420cb2e0.json",
                   R"({"accessToken":{"accessKeyId":"LOGIN","secretAccessKey":"s","sessionToken":"t",)"
                   R"("expiresAt":"2026-01-01T01:00:00Z"}})");
       add(bench, "login_session = me\n");
     }},
    {"process", "PROCESS", true, false, true,
     [](Bench& bench) {
       bench.write("/keys.json", json_keys("PROCESS", "SessionToken"));
       add(bench, "credential_process = cat " + bench.home + "/keys.json\n");
     }},
    {"container", "CONTAINER", false, false, false,
     [](Bench& bench) { bench.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/task"); }},
    {"instance", "INSTANCE", false, false, false, [](Bench&) {}},
};
constexpr std::size_t first_of_profile = 2;
constexpr std::size_t web_identity_of_profile = 5;

// What two sources give together: the earlier one's keys, and where the profile has a role, that on top.
std::string expected(std::size_t first, std::size_t second) {
  const Source& a = sources[first];
  const Source& b = sources[second];
  if (first < first_of_profile) return a.id;
  if (a.exclusive && b.exclusive && first != second) {
    return "failed: could not load AWS config: only one credential type may be specified per profile: source profile, "
           "credential source, credential process, web identity token";
  }
  if (first == web_identity_of_profile) return a.id;
  return a.has_role || b.has_role ? "ROLE(" + std::string(a.id) + ")" : a.id;
}

}  // namespace

TEST_CASE("every source of credentials alone, and every pair: the earlier one in the chain wins") {
  for (std::size_t first = 0; first < std::size(sources); ++first) {
    for (std::size_t second = first; second < std::size(sources); ++second) {
      Bench bench;
      sources[first].set_up(bench);
      if (second != first) sources[second].set_up(bench);
      INFO(sources[first].name << " and " << sources[second].name);
      CHECK(bench.find() == expected(first, second));
    }
  }
}

TEST_CASE("a profile that the key names goes before keys and tokens of the environment") {
  for (std::size_t i = first_of_profile; i < std::size(sources); ++i) {
    Bench bench;
    for (const std::size_t environment : {0, 1}) sources[environment].set_up(bench);
    sources[i].set_up(bench);
    INFO(sources[i].name);
    CHECK(bench.find("default") == expected(i, i));
  }
}

TEST_CASE("N7: no metadata host is asked while an earlier source gives keys") {
  for (std::size_t i = 0; i + 1 < std::size(sources); ++i) {
    if (std::string(sources[i].id) == "INSTANCE" || std::string(sources[i].id) == "CONTAINER") continue;
    Bench bench;
    sources[i].set_up(bench);
    bench.find();
    for (const HttpRequest& request : bench.services.requests) {
      CHECK(request.url.find("//169.254.") == std::string::npos);
    }
  }
}

TEST_CASE("N7: metadata hosts are asked once, for a second, and past no proxy") {
  for (const char* path : {"", "/task"}) {
    Bench bench;
    if (path[0] != '\0') bench.set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path);
    bench.find();
    REQUIRE(!bench.services.requests.empty());
    for (const HttpRequest& request : bench.services.requests) {
      CHECK(request.direct);
      CHECK(request.tries == 1);
      CHECK(request.timeout <= std::chrono::seconds(1));
    }
  }
}

TEST_CASE("where nothing has credentials, every source that was looked at is named") {
  Bench bench;
  bench.services.machine = false;
  std::string hint;
  CHECK(bench.find("", &hint) ==
        "failed: no AWS credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set; no "
        "AWS_WEB_IDENTITY_TOKEN_FILE; the profile default names no source; no AWS_CONTAINER_CREDENTIALS_*_URI; EC2 "
        "metadata: no answer from http://169.254.169.254: no route");
  CHECK(hint == "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile in AWS_PROFILE");
  CHECK(bench.find("default").starts_with("failed: no AWS credentials: the profile default names no source; "));
  bench.set("AWS_EC2_METADATA_DISABLED", "true");
  bench.services.requests.clear();
  CHECK(bench.find().ends_with("EC2 metadata: AWS_EC2_METADATA_DISABLED is set"));
  CHECK(bench.services.requests.empty());
}

TEST_CASE("environment keys have older names too, and half a pair is none") {
  Bench bench;
  bench.set("AWS_ACCESS_KEY", "OLD");
  CHECK(bench.find() == "INSTANCE");
  bench.set("AWS_SECRET_KEY", "s");
  CHECK(bench.find() == "OLD");
  bench.set("AWS_ACCESS_KEY_ID", "NEW");
  CHECK(bench.find() == "NEW");
}

TEST_CASE("a web identity needs a role and a readable token") {
  Bench bench;
  sources[1].set_up(bench);
  bench.set("AWS_ROLE_SESSION_NAME", "mine");
  CHECK(bench.find() == "WEB");
  CHECK(value_in_form(bench.services.requests.back().body, "RoleSessionName") == "mine");
  bench.write("/jwt", "stale");
  CHECK(bench.find() ==
        "failed: operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 400, RequestID: , "
        "InvalidIdentityToken: no");
  bench.set("AWS_WEB_IDENTITY_TOKEN_FILE", bench.home + "/none");
  CHECK(bench.find().starts_with("failed: failed to retrieve jwt from provide source, "));
  bench.set("AWS_ROLE_ARN", "");
  CHECK(bench.find() == "failed: role ARN is not set");
}

TEST_CASE("a container's agent is asked with its token, and where no credentials may go it is not") {
  Bench bench;
  bench.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:8080/pod");
  bench.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic x");
  CHECK(bench.find() == "POD");
  CHECK(header_of(bench.services.requests.back(), "authorization") == "Basic x");
  bench.write("/token", "Bearer y");
  bench.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", bench.home + "/token");
  CHECK(bench.find() == "POD");
  CHECK(header_of(bench.services.requests.back(), "authorization") == "Bearer y");
  bench.write("/token", "Bearer y\nX-Evil: 1");
  CHECK(bench.find() == "failed: authorization token contains invalid newline sequence");
  bench.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", bench.home + "/none");
  CHECK(bench.find().starts_with("failed: failed to read authorization token: "));
  bench.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "");
  bench.services.requests.clear();
  for (const char* host : {"10.0.0.1", "169.254.170.3", "evil.test", "[fd00:ec2::24]"}) {
    bench.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", std::string("http://") + host + "/x");
    CHECK(bench.find().starts_with("failed: invalid endpoint host, "));
  }
  bench.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "nonsense");
  CHECK(bench.find().starts_with("failed: AWS_CONTAINER_CREDENTIALS_FULL_URI is no http or https address"));
  CHECK(bench.services.requests.empty());
  for (const char* host : {"http://169.254.170.23", "http://[fd00:ec2::23]", "https://agent.test"}) {
    bench.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", std::string(host) + "/x");
    CHECK(bench.find() == std::string("failed: no answer from ") + host + ": no route");
  }
}

TEST_CASE("an instance's answers without keys are told") {
  Bench bench;
  bench.services.instance_code = "AssumeRoleUnauthorizedAccess";
  CHECK(bench.find().ends_with(
      "the EC2 metadata service has no credentials for the role my role: AssumeRoleUnauthorizedAccess"));
  bench.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/");
  CHECK(bench.find().ends_with("EC2 metadata: no answer from http://127.0.0.1:1338: no route"));
  bench.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "");
  bench.set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6");
  CHECK(bench.find().ends_with("EC2 metadata: no answer from http://[fd00:ec2::254]: no route"));
}

TEST_CASE("a process is judged by its exit and its JSON, and never quoted") {
  const std::pair<const char*, const char*> rows[] = {
      {"exit 3", "error in credential_process: exit status 3"},
      {"echo canary; echo not here >&2; false", "error in credential_process: exit status 1: not here"},
      {"echo canary", "parse failed of process output"},
      {"echo '{\"Version\": 2, \"AccessKeyId\": \"canary\"}'", "wrong version in process output (not 1)"},
      {"echo '{\"Version\": 1, \"SecretAccessKey\": \"canary\"}'", "missing AccessKeyId in process output"},
      {"echo '{\"Version\": 1, \"AccessKeyId\": \"canary\"}'", "missing SecretAccessKey in process output"},
  };
  for (const auto& [command, reason] : rows) {
    Bench bench;
    add(bench, std::string("credential_process = ") + command + "\n");
    CHECK(bench.find() == std::string("failed: process provider error: ") + reason);
  }
}

TEST_CASE("an SSO token that has expired is renewed and stored, or the way to log in is said") {
  Bench bench;
  sources[6].set_up(bench);
  write_sso(bench, "2025-12-31T23:59:59Z");
  std::string hint;
  CHECK(bench.find("", &hint) == "failed: cached SSO token is expired, or not present, and cannot be refreshed");
  CHECK(hint == "log in: aws sso login --profile default");
  bench.write(sso_cache,
              R"({"accessToken":"sso","expiresAt":"2025-12-31T23:59:59Z","clientId":"c","clientSecret":"canary",)"
              R"("refreshToken":"first","startUrl":"https://corp"})");
  CHECK(bench.find() == "SSO");
  const HttpRequest& asked = bench.services.requests.at(bench.services.requests.size() - 2);
  CHECK(asked.body == R"({"grantType":"refresh_token","clientId":"c","clientSecret":"canary","refreshToken":"first"})");
  const JsonFields fields = JsonFields::parse(read_file(bench.home + sso_cache));
  CHECK(fields.text({"accessToken"}) == "renewed");
  CHECK(fields.text({"refreshToken"}) == "next");
  CHECK(fields.text({"expiresAt"}) == "2026-01-01T01:00:00Z");
  CHECK(fields.text({"startUrl"}) == "https://corp");
  bench.other_lines = "";
  CHECK(bench.find() == "failed: failed to find SSO session section, corp");
  bench.profile_lines = "sso_start_url = https://corp\n";
  CHECK(bench.find() == "failed: profile \"default\" is configured to use SSO but is missing required configuration");
}

TEST_CASE("roles of profiles: what they need, and circles end") {
  Bench bench;
  add(bench, "source_profile = src\n");
  CHECK(bench.find() ==
        "failed: could not load AWS config: credential type source_profile requires role_arn, profile default");
  add(bench, "role_arn = r\nexternal_id = e\nrole_session_name = n\nduration_seconds = 1800\n");
  CHECK(bench.find() == "ROLE(SRC)");
  const std::string body = bench.services.requests.back().body;
  CHECK(value_in_form(body, "ExternalId") == "e");
  CHECK(value_in_form(body, "RoleSessionName") == "n");
  CHECK(value_in_form(body, "DurationSeconds") == "1800");
  bench.profile_lines = "role_arn = r\nsource_profile = nobody\n";
  CHECK(bench.find() ==
        "failed: could not load AWS config: failed to load assume role r, of profile nobody, failed to "
        "get shared config profile, nobody");
  bench.profile_lines = "role_arn = r\nsource_profile = empty\n";
  bench.other_lines = "[profile empty]\nregion = x\n";
  CHECK(bench.find() ==
        "failed: could not load AWS config: failed to load assume role r, of profile empty, which has "
        "no credentials");
  bench.profile_lines = "role_arn = r\nsource_profile = b\n";
  bench.other_lines = "[profile b]\nrole_arn = r2\nsource_profile = src\n";
  CHECK(bench.find() == "ROLE(ROLE(SRC))");
  bench.other_lines = "[profile b]\nrole_arn = r2\nsource_profile = default\n";
  bench.services.machine = false;
  CHECK(bench.find().starts_with("failed: "));
  bench.profile_lines = "role_arn = r\nsource_profile = default\naws_access_key_id = K\naws_secret_access_key = s\n";
  CHECK(bench.find() == "ROLE(K)");
  bench.profile_lines = "role_arn = r\ncredential_source = Nowhere\n";
  CHECK(bench.find() == "failed: credential_source values must be EcsContainer, Ec2InstanceMetadata, or Environment");
  bench.profile_lines = "role_arn = r\ncredential_source = EcsContainer\n";
  CHECK(bench.find().starts_with("failed: EcsContainer was specified as the credential_source, but neither "));
  bench.profile_lines = "role_arn = r\ncredential_source = Environment\n";
  CHECK(bench.find().starts_with("failed: Environment was specified as the credential_source, but "));
  sources[0].set_up(bench);
  CHECK(bench.find("default") == "ROLE(ENV)");
}

TEST_CASE("a second factor is asked for on the terminal") {
  Bench bench;
  sources[2].set_up(bench);
  add(bench, "mfa_serial = arn:aws:iam::1:mfa/me\n");
  CHECK(bench.find() == "failed: assume role with MFA enabled, and there is no terminal to ask for the code");
  bench.environment.ask = [](const std::string& prompt) {
    CHECK(prompt == "MFA code of arn:aws:iam::1:mfa/me: ");
    return std::optional<std::string>("123456");
  };
  CHECK(bench.find() == "ROLE(SRC)");
  CHECK(value_in_form(bench.services.requests.back().body, "TokenCode") == "123456");
}

TEST_CASE("credentials are kept for all files of a command, until a minute before they expire") {
  Bench bench;
  std::time_t time = now;
  bench.environment.clock = [&time] { return time; };
  AwsAccess access(bench.environment);
  const auto ask = [&] { return access.keys(access.profile(""), "eu-west-1", "").id; };
  CHECK(ask() == "INSTANCE");
  const std::size_t once = bench.services.requests.size();
  for (int i = 0; i < 200; ++i) CHECK(ask() == "INSTANCE");
  CHECK(bench.services.requests.size() == once);
  time = now + 3539;
  ask();
  CHECK(bench.services.requests.size() == once);
  time = now + 3540;
  ask();
  CHECK(bench.services.requests.size() == 2 * once);
}
