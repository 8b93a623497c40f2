// The proofs of who a workload is, source by source, and every pair of sources: the earlier one wins.
#include "recipients/gcp_subject_token.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "base/file.hpp"
#include "net/aws_sigv4.hpp"
#include "net/url.hpp"
#include "recipients/gcp_surroundings.hpp"

using namespace leafseal;
using namespace leafseal::gcp_test;

namespace {

const std::string allow = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";
const std::string said_well =
    R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:jwt","id_token":"said"})";

struct Workload : Bench {
  std::string members;  // of credential_source

  void add(const std::string& member) { members += (members.empty() ? "" : ",") + member; }
  // A member that names a program which prints `text`.
  void add_program(const std::string& text, const std::string& more = "") {
    set(allow, "1");
    add(R"("executable":{"command":"cat )" + write("/said", text) + "\"" + more + "}");
  }
  std::string find(std::string* hint = nullptr) { return find_json(external_json("{" + members + "}"), hint); }
  std::string find_only(const std::string& member) {
    members = member;
    return find();
  }
  // The token as it was sent, where find() says only how it begins.
  std::string sent() const { return asked("subject_token"); }
};

const std::string instance_members =
    R"("url":"http://169.254.169.254/latest/meta-data/iam/security-credentials",)"
    R"("region_url":"http://169.254.169.254/latest/meta-data/placement/availability-zone",)"
    R"("imdsv2_session_token_url":"http://169.254.169.254/latest/api/token")";

struct Source {
  const char* name;
  void (*set_up)(Workload&);
  const char* token;
};

const Source sources[] = {
    {"AWS",
     [](Workload& workload) {
       workload.add(R"("environment_id":"aws1")");
       workload.set("AWS_ACCESS_KEY_ID", "AKIDENV");
       workload.set("AWS_SECRET_ACCESS_KEY", "aws-canary");
       workload.set("AWS_REGION", "eu-west-1");
     },
     "SUBJECT(%7B%22url%22%3A%22ht)"},
    {"file", [](Workload& workload) { workload.add(R"("file":")" + workload.write("/subject", "from-file") + "\""); },
     "SUBJECT(from-file)"},
    {"url", [](Workload& workload) { workload.add(R"("url":"http://127.0.0.1:7000/subject")"); },
     R"(SUBJECT({"value":"from-url"})"},
    {"executable", [](Workload& workload) { workload.add_program(said_well); }, "SUBJECT(said)"},
};

}  // namespace

TEST_CASE("every source of a subject's token alone, and every pair: the earlier one wins") {
  for (std::size_t first = 0; first < std::size(sources); ++first) {
    for (std::size_t second = first; second < std::size(sources); ++second) {
      Workload workload;
      sources[first].set_up(workload);
      if (second != first) sources[second].set_up(workload);
      INFO(sources[first].name << " and " << sources[second].name);
      CHECK(workload.find().starts_with(sources[first].token));
      CHECK(workload.asked("subject_token_type") == "urn:ietf:params:oauth:token-type:jwt");
    }
  }
}

TEST_CASE("a subject's token is the whole text or one field, and read anew each time") {
  Workload workload;
  const std::string file = R"("file":")" + workload.write("/subject", "  jwt \n") + "\"";
  CHECK(workload.find_only(file) == "SUBJECT(jwt)");
  workload.write("/subject", "next");
  CHECK(workload.find_only(file) == "SUBJECT(next)");
  CHECK(workload.find_only(file + R"(,"format":{"type":"text"})") == "SUBJECT(next)");
  const std::string json = R"(,"format":{"type":"json","subject_token_field_name":"value"})";
  CHECK(workload.find_only(file + json) ==
        "failed: credentials: no subject token: no text \"value\" in " + workload.home + "/subject");
  workload.write("/subject", R"({"value":"inner"})");
  CHECK(workload.find_only(file + json) == "SUBJECT(inner)");
  workload.write("/subject", R"({"value":5})");
  CHECK(workload.find_only(file + json).starts_with("failed: credentials: no subject token: no text"));
  CHECK(workload.find_only(file + R"(,"format":{"type":"xml"})") ==
        "failed: credentials: invalid credential_source format type: xml");
  CHECK(workload.find_only(R"("file":")" + workload.home + "/none\"")
            .starts_with("failed: credentials: no subject token: Error reading file: open "));
}

TEST_CASE("a URL is asked with the headers of the credentials, and its refusal is told") {
  Workload workload;
  const std::string url = R"("url":"http://127.0.0.1:7000/subject","headers":{"Metadata":"True"})";
  CHECK(workload.find_only(url + R"(,"format":{"type":"json","subject_token_field_name":"value"})") ==
        "SUBJECT(from-url)");
  const HttpRequest& request = workload.services.requests.at(workload.services.requests.size() - 2);
  CHECK(request.method == "GET");
  CHECK(header_of(request, "metadata") == "True");
  CHECK(workload.find_only(R"("url":"http://127.0.0.1:7001/subject")") ==
        "failed: no answer from http://127.0.0.1:7001: no route");
  CHECK(workload.find_only(R"("url":"file:///etc/passwd")") ==
        "failed: credentials: credential_source.url in GOOGLE_CREDENTIALS is no http or https address: "
        "file:///etc/passwd");
  CHECK(workload.warnings.empty());
  workload.find_only(R"("url":"http://tokens.test/subject")");
  CHECK(workload.warnings.find("credentials go to http://tokens.test without TLS") != std::string::npos);
  class Refusing final : public Http {
    HttpResponse send(const HttpRequest&, const Environment&) override { return {403, {}, "go\x1b away"}; }
  } refusing;
  workload.environment.http = &refusing;
  CHECK(workload.find_only(url) ==
        "failed: credentials: no subject token: http://127.0.0.1:7000 answers with status 403: go\\x1b away");
}

TEST_CASE("a program runs only where the environment allows it, and is told whom the token is for") {
  Workload workload;
  const std::string program = workload.write(
      "/program", "#!/bin/sh\nenv | grep ^GOOGLE_EXTERNAL | sort > \"${0%/*}/seen\"\necho '" + said_well + "'\n");
  ::chmod(program.c_str(), 0700);
  const std::string member = R"("executable":{"command":")" + program + " a  b\"";
  for (const char* value : {"", "0", "true", "yes", "11"}) {
    workload.set(allow, value);
    CHECK(workload.find_only(member + "}")
              .starts_with("failed: credentials: executables need to be explicitly allowed "));
    CHECK(!std::filesystem::exists(workload.home + "/seen"));
  }
  workload.set(allow, "1");
  CHECK(workload.find_json(external_json("{" + member + R"(,"output_file":"/tmp/none"}})")).starts_with("failed: "));
  CHECK(workload.find_json(external_json("{" + member + "}}", R"(,"service_account_impersonation_url":")" + acting_url +
                                                                  "\"")) == "ACTING(SUBJECT(said))");
  CHECK(read_file(workload.home + "/seen") ==
        "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1\nGOOGLE_EXTERNAL_ACCOUNT_AUDIENCE=//iam/pool\n"
        "GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL=app@p.iam\nGOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE=0\n"
        "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE=urn:ietf:params:oauth:token-type:jwt\n");
}

TEST_CASE("L3: a program is judged by its exit and its JSON, and never quoted") {
  struct Row {
    const char* printed;
    const char* said;
  };
  const Row rows[] = {
      {"canary", "what the program prints is no JSON object"},
      {"", "what the program prints is no JSON object"},
      {R"({"success":true,"id_token":"canary"})", "what the program prints has no version"},
      {R"({"version":1,"id_token":"canary"})", "what the program prints has no success"},
      {R"({"version":1,"success":"yes","id_token":"canary"})", "what the program prints has no success"},
      {R"({"version":2,"success":true,"id_token":"canary"})", "what the program prints is of version 2"},
      {R"({"version":2,"success":false,"code":"401","message":"no such user"})", "the program says (401) no such user"},
      {R"({"version":1,"success":true,"expiration_time":1767225599,"id_token":"canary"})",
       "what the program prints holds a token that has expired"},
      {R"({"version":1,"success":true,"id_token":"canary"})",
       "what the program prints has a token_type that is none: "},
      {R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:id_token","saml_response":"canary"})",
       "what the program prints has no id_token"},
      {R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:saml2","id_token":"canary"})",
       "what the program prints has no saml_response"},
  };
  for (const Row& row : rows) {
    Workload workload;
    workload.add_program(row.printed);
    CHECK(workload.find() == std::string("failed: credentials: ") + row.said);
  }
  Workload saml;
  saml.add_program(
      R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:saml2","saml_response":"xml"})");
  CHECK(saml.find() == "SUBJECT(xml)");
  Workload failing;
  failing.set(allow, "1");
  CHECK(failing.find_only(R"("executable":{"command":"false"})") ==
        "failed: credentials: executable command failed: exit status 1");
  CHECK(failing.find_only(R"("executable":{"command":"/no/such/program"})")
            .starts_with("failed: fork/exec /no/such/program"));
  CHECK(failing.find_only(R"("executable":{"command":" "})") ==
        "failed: credentials: no command in the executable of GOOGLE_CREDENTIALS");
  for (const char* limit : {"4999", "120001", "-1"}) {
    CHECK(failing.find_only(std::string(R"("executable":{"command":"true","timeout_millis":)") + limit + "}") ==
          "failed: credentials: invalid timeout_millis in GOOGLE_CREDENTIALS");
  }
}

TEST_CASE("a program's kept answer is taken while it is good, and the program is not asked") {
  Workload workload;
  const std::string kept = workload.write("/kept", "");
  const auto answer = [](const std::string& token, const std::string& expires) {
    return R"({"version":1,"success":true,"token_type":"urn:ietf:params:oauth:token-type:jwt","id_token":")" + token +
           R"(","expiration_time":)" + expires + "}";
  };
  workload.add_program(answer("printed", "1767229200"), R"(,"output_file":")" + kept + "\"");
  CHECK(workload.find() == "SUBJECT(printed)");
  workload.write("/kept", answer("kept", "1767229200"));
  CHECK(workload.find() == "SUBJECT(kept)");
  workload.write("/kept", answer("old", "1767225599"));
  CHECK(workload.find() == "SUBJECT(printed)");
  workload.write("/kept", R"({"version":1,"success":false,"code":"1","message":"m"})");
  CHECK(workload.find() == "SUBJECT(printed)");
  workload.write("/kept", "nonsense");
  CHECK(workload.find() == "failed: credentials: the file " + kept + " is no JSON object");
  std::filesystem::remove(kept);
  workload.write("/said", said_well);
  CHECK(workload.find() ==
        "failed: credentials: what the program prints has no expiration_time, and it has an output_file");
}

TEST_CASE("keys of AWS sign a question to AWS's STS, which Google asks") {
  Workload workload;
  sources[0].set_up(workload);
  workload.set("AWS_SESSION_TOKEN", "session");
  workload.find();
  const JsonFields request = JsonFields::parse(percent_decoded(workload.sent()));
  CHECK(request.text({"url"}) == "https://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15");
  CHECK(request.text({"method"}) == "POST");
  std::vector<std::pair<std::string, std::string>> headers;
  for (const char* number : {"0", "1", "2", "3", "4"}) {
    headers.emplace_back(request.text({"headers", number, "key"}).value_or(""),
                         request.text({"headers", number, "value"}).value_or(""));
  }
  HttpRequest expected;
  expected.method = "POST";
  expected.url = "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15";
  expected.headers = {{"x-goog-cloud-target-resource", "//iam/pool"}};
  sign_for_aws(expected, {"AKIDENV", "aws-canary", "session"}, {"eu-west-1", "sts", start});
  CHECK(headers ==
        std::vector<std::pair<std::string, std::string>>{{"Host", "sts.eu-west-1.amazonaws.com"},
                                                         {"X-Goog-Cloud-Target-Resource", "//iam/pool"},
                                                         {"X-Amz-Date", "20260101T000000Z"},
                                                         {"X-Amz-Security-Token", "session"},
                                                         {"Authorization", header_of(expected, "authorization")}});
  CHECK(workload.sent().find("canary") == std::string::npos);
}

TEST_CASE("without variables of AWS its keys and region are those of the instance") {
  Workload workload;
  workload.add(R"("environment_id":"aws1",)" + instance_members);
  CHECK(workload.find().starts_with("SUBJECT("));
  const std::string sent = percent_decoded(workload.sent());
  CHECK(sent.find("Credential=AKIDMETA/20260101/us-east-2/sts/aws4_request") != std::string::npos);
  CHECK(sent.find("https://sts.us-east-2.amazonaws.com?") != std::string::npos);
  for (const HttpRequest& request : workload.services.requests) {
    if (request.url.find("169.254.169.254") == std::string::npos) continue;
    CHECK(request.direct);
    CHECK(request.timeout <= std::chrono::seconds(1));
  }
  workload.set("AWS_DEFAULT_REGION", "eu-north-1");
  workload.find();
  CHECK(percent_decoded(workload.sent()).find("/eu-north-1/sts/") != std::string::npos);
  CHECK(workload.find_only(R"("environment_id":"aws1")") == "failed: credentials: no credential_source.url");
  CHECK(workload.find_only(
            R"("environment_id":"aws1","url":"http://169.254.169.254/latest/meta-data/iam/security-credentials")") ==
        "failed: credentials: the metadata service of AWS answers with status 401");
}

TEST_CASE("N3: a region that is none, and hosts that are not AWS's metadata service, get nothing") {
  Workload workload;
  sources[0].set_up(workload);
  for (const std::string region : {"evil.test/", "a b", "EU", "a@b"}) {
    workload.set("AWS_REGION", region);
    CHECK(workload.find() == "failed: credentials: no region of AWS: " + region);
  }
  for (const char* name : {"url", "region_url", "imdsv2_session_token_url"}) {
    CHECK(workload.find_only(std::string(R"("environment_id":"aws1",")") + name + R"(":"http://10.0.0.1/x")") ==
          std::string("failed: credentials: credential_source.") + name +
              " in GOOGLE_CREDENTIALS is not AWS's metadata service: http://10.0.0.1/x");
  }
  CHECK(workload.find_only(R"("environment_id":"aws7")") ==
        "failed: credentials: aws version '7' is not supported in GOOGLE_CREDENTIALS");
  CHECK(workload.services.requests.empty());
}
