// The chain of sources of credentials for Google Cloud: each kind alone in each place, every pair of places, how tokens
// are kept and renewed, and what is said when there are none. Subject tokens are in gcp_subject_token_test.cpp.
#include "recipients/gcp_credentials.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "recipients/gcp_surroundings.hpp"

using namespace leafseal;
using namespace leafseal::gcp_test;

namespace {

// Places where credentials may stand, in the order of the chain. Each is set up with credentials of another kind.
struct Spot {
  const char* name;
  void (*set_up)(Bench&);
  const char* token;
};

const Spot places[] = {
    {"GOOGLE_CREDENTIALS", [](Bench& bench) { bench.set("GOOGLE_CREDENTIALS", account_json()); }, "ACCOUNT"},
    {"GOOGLE_OAUTH_ACCESS_TOKEN", [](Bench& bench) { bench.set("GOOGLE_OAUTH_ACCESS_TOKEN", "GIVEN"); }, "GIVEN"},
    {"GOOGLE_APPLICATION_CREDENTIALS",
     [](Bench& bench) {
       const std::string subject = bench.write("/subject", "jwt\n");
       bench.set("GOOGLE_APPLICATION_CREDENTIALS",
                 bench.write("/app.json", external_json(R"({"file":")" + subject + "\"}")));
     },
     "SUBJECT(jwt)"},
    {"gcloud's file",
     [](Bench& bench) { bench.write("/.config/gcloud/application_default_credentials.json", user_json()); }, "USER"},
    {"the machine", [](Bench&) {}, "MACHINE"},
};

}  // namespace

TEST_CASE("every place of credentials alone, and every pair: the earlier one in the chain wins") {
  for (std::size_t first = 0; first < std::size(places); ++first) {
    for (std::size_t second = first; second < std::size(places); ++second) {
      Bench bench;
      places[first].set_up(bench);
      places[second].set_up(bench);
      INFO(places[first].name << " and " << places[second].name);
      CHECK(bench.find() == places[first].token);
      // The chain of all other programs begins behind the variables that are the reference's own.
      const std::size_t standard = first < 2 ? (second < 2 ? std::size(places) - 1 : second) : first;
      CHECK(bench.find(GcpChain::standard) == places[standard].token);
    }
  }
}

TEST_CASE("every kind of credentials in every place that holds JSON") {
  struct Kind {
    std::string json;
    const char* token;
  };
  const Kind kinds[] = {
      {account_json(), "ACCOUNT"},
      {user_json(), "USER"},
      {person_json(), "PERSON"},
      {external_json(
           R"({"url":"http://127.0.0.1:7000/subject","format":{"type":"json","subject_token_field_name":"value"}})"),
       "SUBJECT(from-url)"},
      {impersonated_json(user_json()), "ACTING(USER)"},
      {impersonated_json(account_json()), "ACTING(ACCOUNT)"},
      {impersonated_json(impersonated_json(user_json())), "ACTING(ACTING(USER))"},
      {external_json(
           R"({"url":"http://127.0.0.1:7000/subject","format":{"type":"json","subject_token_field_name":"value"}})",
           R"(,"service_account_impersonation_url":")" + acting_url + "\""),
       "ACTING(SUBJECT(from-url))"},
  };
  for (const Kind& kind : kinds) {
    INFO(kind.json.substr(0, 60));
    Bench bench;
    bench.services.machine = false;
    CHECK(bench.find_json(kind.json) == kind.token);
    CHECK(bench.find_json(bench.write("/c.json", kind.json)) == kind.token);
    bench.environment.variables.erase("GOOGLE_CREDENTIALS");
    bench.set("GOOGLE_APPLICATION_CREDENTIALS", bench.write("/a.json", kind.json));
    CHECK(bench.find() == kind.token);
    bench.environment.variables.erase("GOOGLE_APPLICATION_CREDENTIALS");
    bench.write("/.config/gcloud/application_default_credentials.json", kind.json);
    CHECK(bench.find() == kind.token);
  }
}

TEST_CASE("a service account asks with a token that its key has signed") {
  Bench bench;
  CHECK(bench.find_json(account_json()) == "ACCOUNT");
  const HttpRequest& request = bench.services.requests.back();
  CHECK(request.method == "POST");
  CHECK(request.url == "https://oauth2.googleapis.com/token");
  CHECK(header_of(request, "content-type") == "application/x-www-form-urlencoded");
  CHECK(bench.asked("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer");
  const std::string assertion = bench.asked("assertion");
  CHECK(part_of(assertion, 0).json({}) == R"({"alg":"RS256","kid":"k1","typ":"JWT"})");
  CHECK(part_of(assertion, 1).json({}) ==
        R"({"aud":"https://oauth2.googleapis.com/token","exp":1767229190,"iat":1767225590,"iss":"me@p.iam",)"
        R"("scope":"scope"})");
  CHECK(bench.find_json(account_json(R"(,"token_uri":"http://127.0.0.1:7000/token")")) == "ACCOUNT");
  CHECK(bench.services.requests.back().url == "http://127.0.0.1:7000/token");
  CHECK(bench.warnings.empty());
}

TEST_CASE("outside of googleapis.com a service account's signed token is the access token") {
  Bench bench;
  const std::string token = bench.find_json(account_json(R"(,"universe_domain":"cloud.test")"));
  CHECK(bench.services.requests.empty());
  CHECK(AccountKey::get().signed_this(token));
  CHECK(part_of(token, 1).json({}) ==
        R"({"exp":1767229190,"iat":1767225590,"iss":"me@p.iam","scope":"scope","sub":"me@p.iam"})");
  GcpAccess access(bench.environment);
  CHECK(access.universe() == "cloud.test");
}

TEST_CASE("acting as a service account: the scope, the delegates and the lifetime are asked for") {
  Bench bench;
  CHECK(bench.find_json(impersonated_json(user_json(), R"(,"delegates":["a@p.iam","b@p.iam"])")) == "ACTING(USER)");
  CHECK(bench.services.requests.back().body ==
        R"({"lifetime":"3600s","scope":["scope"],"delegates":["a@p.iam","b@p.iam"]})");
  const std::string subject = bench.write("/subject", "jwt");
  CHECK(bench.find_json(external_json(R"({"file":")" + subject + "\"}",
                                      R"(,"service_account_impersonation_url":")" + acting_url +
                                          R"(","service_account_impersonation":{"token_lifetime_seconds":900})")) ==
        "ACTING(SUBJECT(jwt))");
  CHECK(bench.services.requests.back().body == R"({"lifetime":"900s","scope":["scope"]})");
  const HttpRequest& exchange = bench.services.requests.at(bench.services.requests.size() - 2);
  CHECK(in_form(exchange.body, "scope") == "https://www.googleapis.com/auth/cloud-platform");
  CHECK(in_form(exchange.body, "audience") == "//iam/pool");
  CHECK(in_form(exchange.body, "requested_token_type") == "urn:ietf:params:oauth:token-type:access_token");
  bench.services.acting_answer = {403, {}, R"({"error":{"code":403,"message":"Permission denied"}})"};
  std::string hint;
  CHECK(bench.find_json(impersonated_json(user_json()), &hint) ==
        "failed: credentials: unable to generate access token: googleapi: Error 403: Permission denied");
  CHECK(hint == "who acts as the service account needs roles/iam.serviceAccountTokenCreator on it");
  bench.services.acting_answer = {200, {}, "{}"};
  CHECK(bench.find_json(impersonated_json(user_json())) ==
        "failed: credentials: unable to generate access token: the answer has none");
}

TEST_CASE("a workforce's project pays where no client is named") {
  Bench bench;
  const std::string source = R"({"file":")" + bench.write("/subject", "jwt") + "\"}";
  bench.find_json(external_json(source, R"(,"workforce_pool_user_project":"12")"));
  CHECK(bench.asked("options") == R"({"userProject":"12"})");
  bench.find_json(external_json(source, R"(,"workforce_pool_user_project":"12","client_id":"id","client_secret":"s")"));
  CHECK(bench.asked("options").empty());
  CHECK(header_of(bench.services.requests.back(), "authorization") == "Basic aWQ6cw==");
}

TEST_CASE("N7: the machine's server is asked last, once, for a second, and past no proxy") {
  for (const Spot& place : places) {
    Bench bench;
    place.set_up(bench);
    bench.find();
    for (const HttpRequest& request : bench.services.requests) {
      if (request.url.find("169.254.169.254") == std::string::npos) continue;
      CHECK(std::string(place.name) == "the machine");
      CHECK(request.direct);
      CHECK(request.tries == 1);
      CHECK(request.timeout <= std::chrono::seconds(1));
      CHECK(request.url ==
            "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token?scopes=scope");
    }
  }
}

TEST_CASE("Google: where nothing has credentials, every place that was looked at is named") {
  Bench bench;
  bench.services.machine = false;
  std::string hint;
  const std::string looked =
      "no GOOGLE_APPLICATION_CREDENTIALS, no file ~/.config/gcloud/application_default_credentials.json; metadata "
      "server: no answer from http://169.254.169.254: no route";
  CHECK(
      bench.find(GcpChain::sops, &hint) ==
      "failed: credentials: could not find default credentials: no GOOGLE_CREDENTIALS, no GOOGLE_OAUTH_ACCESS_TOKEN, " +
          looked);
  CHECK(hint ==
        "log in with `gcloud auth application-default login`, or name a file in GOOGLE_APPLICATION_CREDENTIALS");
  CHECK(bench.find(GcpChain::standard) == "failed: credentials: could not find default credentials: " + looked);
  bench.set("GCE_METADATA_HOST", "127.0.0.1:1");
  CHECK(bench.find().ends_with("no answer from http://127.0.0.1:1: no route"));
}

TEST_CASE("a machine of another cloud has no credentials, one without an account says so") {
  class Other final : public Http {
   public:
    HttpResponse answer;
    HttpResponse send(const HttpRequest&, const Environment&) override { return answer; }
  } other;
  Bench bench;
  bench.environment.http = &other;
  other.answer = {200, {}, R"({"access_token":"STRANGE"})"};
  CHECK(bench.find().ends_with("metadata server: 169.254.169.254 is no metadata server of Google's"));
  other.answer.headers = {{"metadata-flavor", "Google"}};
  CHECK(bench.find() == "STRANGE");
  other.answer.status = 404;
  CHECK(bench.find() ==
        "failed: credentials: cannot fetch token: the metadata server answers with status 404: this machine has no "
        "service account");
  other.answer = {200, {{"metadata-flavor", "Google"}}, "{}"};
  CHECK(bench.find() ==
        "failed: credentials: cannot fetch token: the metadata server answers with status 200, without a token");
}

TEST_CASE("L3: what is wrong with credentials is said without them") {
  struct Row {
    std::string json;
    const char* said;
  };
  const Row rows[] = {
      {"a canary", "credentials: GOOGLE_CREDENTIALS is no JSON object"},
      {"/nowhere/canary.json", "credentials: GOOGLE_CREDENTIALS is no JSON object"},
      {"[\"canary\"]", "credentials: GOOGLE_CREDENTIALS is no JSON object"},
      {"{}", "credentials: unsupported unidentified file type: no \"type\" in GOOGLE_CREDENTIALS"},
      {R"({"type":"gdch_service_account","private_key":"canary"})",
       "credentials: unsupported filetype \"gdch_service_account\" in GOOGLE_CREDENTIALS"},
      {R"({"type":"service_account","private_key":"canary"})", "credentials: no client_email in GOOGLE_CREDENTIALS"},
      {R"({"type":"service_account","client_email":"a"})", "credentials: no private_key in GOOGLE_CREDENTIALS"},
      {R"({"type":"service_account","client_email":"a","private_key":"canary"})",
       "credentials: private_key in GOOGLE_CREDENTIALS: the private key for signing the token is no PEM private key"},
      {R"({"type":"service_account","client_email":"a","private_key":"canary","token_uri":"ftp://canary-host"})",
       "credentials: token_uri in GOOGLE_CREDENTIALS is no http or https address: ftp://canary-host"},
      {R"({"type":"authorized_user","client_id":"canary","client_secret":"canary"})",
       "credentials: no refresh_token in GOOGLE_CREDENTIALS"},
      {R"({"type":"authorized_user","client_id":"id","client_secret":"canary","refresh_token":"canary"})",
       "auth: \"invalid_grant\""},
      {R"({"type":"external_account","subject_token_type":"t"})", "credentials: no audience in GOOGLE_CREDENTIALS"},
      {R"({"type":"external_account","audience":"a"})", "credentials: no subject_token_type in GOOGLE_CREDENTIALS"},
      {external_json("{}"), "credentials: unable to parse credential source in GOOGLE_CREDENTIALS"},
      {external_json(R"({"certificate":{"use_default_certificate_config":true}})"),
       "credentials: unable to parse credential source in GOOGLE_CREDENTIALS"},
      {R"({"type":"impersonated_service_account"})",
       "credentials: no service_account_impersonation_url in GOOGLE_CREDENTIALS"},
      {R"({"type":"impersonated_service_account","service_account_impersonation_url":"https://x"})",
       "credentials: no source_credentials in GOOGLE_CREDENTIALS"},
      {impersonated_json("{}"),
       "credentials: unsupported unidentified file type: no \"type\" in source_credentials of GOOGLE_CREDENTIALS"},
  };
  for (const Row& row : rows) {
    Bench bench;
    const std::string failure = bench.find_json(row.json);
    CHECK(failure == std::string("failed: ") + row.said);
    if (row.json.find("canary-host") == std::string::npos) CHECK(failure.find("canary") == std::string::npos);
  }
  Bench bench;
  bench.set("GOOGLE_APPLICATION_CREDENTIALS", bench.home + "/none.json");
  CHECK(bench.find() == "failed: credentials: GOOGLE_APPLICATION_CREDENTIALS: Error reading file: open " + bench.home +
                            "/none.json: no such file or directory");
}

TEST_CASE("a token endpoint's refusal is told with its reason") {
  struct Row {
    int status;
    const char* body;
    const char* said;
  };
  const Row rows[] = {
      {400, R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})",
       "auth: \"invalid_grant\" \"Token has been expired or revoked.\""},
      {200, R"({"error":"invalid_grant"})", "auth: \"invalid_grant\""},
      {403, R"({"error":{"message":"Permission denied"}})", "auth: cannot fetch token: 403: Permission denied"},
      {502, "<html>\x1b[2J", "auth: cannot fetch token: 502"},
      {200, "<html>", "auth: server response missing access_token"},
      {200, R"({"access_token":""})", "auth: server response missing access_token"},
      {200, R"({"access_token":5})", "auth: server response missing access_token"},
  };
  for (const Row& row : rows) {
    Bench bench;
    bench.services.answer_with = row.body;
    bench.services.status_with = row.status;
    std::string hint;
    CHECK(bench.find_json(user_json(), &hint) == std::string("failed: ") + row.said);
    CHECK(!hint.empty());
    CHECK(bench.find_json(account_json()) == std::string("failed: ") + row.said);
  }
}

TEST_CASE("credentials without TLS to another machine are warned of, and refused under strict") {
  const std::string said = "credentials go to http://tokens.test without TLS, as token_uri in GOOGLE_CREDENTIALS says";
  Bench bench;
  bench.set("GOOGLE_CREDENTIALS", account_json(R"(,"token_uri":"http://tokens.test/x")"));
  CHECK(bench.find() == "failed: no answer from http://tokens.test: no route");
  CHECK(bench.warnings.find(said) != std::string::npos);
  bench.environment.strict = true;
  bench.services.requests.clear();
  CHECK(bench.find() == "failed: " + said + ", and strict is on");
  CHECK(bench.services.requests.empty());
}

TEST_CASE("a token is kept for all files of a command, until a minute before it expires, and one for each scope") {
  Bench bench;
  bench.services.numbered = 1;
  bench.set("GOOGLE_CREDENTIALS", account_json());
  GcpAccess access(bench.environment);
  for (int i = 0; i < 200; ++i) CHECK(access.token("one").value == "ACCOUNT1");
  CHECK(bench.services.requests.size() == 1);
  CHECK(access.token("two").value == "ACCOUNT2");
  CHECK(access.token("one").value == "ACCOUNT1");
  bench.now = start + 3539;
  CHECK(access.token("one").value == "ACCOUNT1");
  bench.now = start + 3540;
  CHECK(access.token("one").value == "ACCOUNT3");
  CHECK(access.token("two").value == "ACCOUNT4");
  CHECK(bench.services.requests.size() == 4);
}

TEST_CASE("a token that expires at once is used once, and one without an end is kept") {
  Bench bench;
  bench.services.numbered = 1;
  bench.services.lifetime = 1;
  bench.set("GOOGLE_CREDENTIALS", user_json());
  GcpAccess access(bench.environment);
  CHECK(access.token("s").value == "USER1");
  CHECK(access.token("s").value == "USER2");
  bench.services.lifetime = 0;
  CHECK(access.token("s").value == "USER3");
  bench.now += 1000000;
  CHECK(access.token("s").value == "USER3");
}

TEST_CASE("a refused token is replaced once for all threads, a given one not at all") {
  Bench bench;
  bench.services.numbered = 1;
  bench.set("GOOGLE_CREDENTIALS", account_json());
  GcpAccess access(bench.environment);
  const GcpToken first = access.token("s");
  std::vector<std::thread> threads;
  std::vector<std::string> values(8);
  for (std::string& value : values) threads.emplace_back([&] { value = access.token_after(first, "s")->value; });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& value : values) CHECK(value == "ACCOUNT2");
  CHECK(bench.services.requests.size() == 2);

  Bench given;
  given.set("GOOGLE_OAUTH_ACCESS_TOKEN", "GIVEN");
  GcpAccess fixed(given.environment);
  CHECK(!fixed.token_after(fixed.token("s"), "s"));
  CHECK(fixed.renewal().starts_with("get a new token: "));
}

TEST_CASE("who pays: the credentials' project, or the variable's") {
  Bench bench;
  bench.set("GOOGLE_CREDENTIALS", user_json(R"(,"quota_project_id":"theirs")"));
  CHECK(GcpAccess(bench.environment).quota_project() == "theirs");
  bench.set("GOOGLE_CLOUD_QUOTA_PROJECT", "mine");
  CHECK(GcpAccess(bench.environment).quota_project() == "mine");
  CHECK(GcpAccess(bench.environment).universe() == "googleapis.com");
  bench.environment.variables.erase("GOOGLE_CREDENTIALS");
  bench.set("GOOGLE_OAUTH_ACCESS_TOKEN", "GIVEN");
  CHECK(GcpAccess(bench.environment).quota_project() == "mine");
  CHECK(GcpAccess(bench.environment).universe().empty());
}
