// The HTTP layer against a real server on loopback, in its good and bad moods.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "leafseal/http.hpp"
#include "net/json_fields.hpp"
#include "net/loopback_server.hpp"
#include "net/metadata_host.hpp"

using namespace leafseal;

namespace {

const LoopbackServer& server() { return LoopbackServer::get(); }

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

HttpRequest to(const std::string& path, const std::string& which = "http") {
  HttpRequest request;
  request.url = server().url(which) + path;
  return request;
}

HttpResponse send(const HttpRequest& request, const Environment& environment = LoopbackServer::environment()) {
  return http(environment).send(request, environment);
}

struct Failure {
  HttpFault fault;
  std::string message;
};
Failure failure_of(const HttpRequest& request, const Environment& environment = LoopbackServer::environment()) {
  try {
    const HttpResponse response = send(request, environment);
    return {HttpFault::refused, "it answered " + std::to_string(response.status)};
  } catch (const HttpError& error) {
    return {error.fault(), error.what()};
  }
}

Environment trusting() {
  Environment environment = LoopbackServer::environment();
  environment.variables["SSL_CERT_FILE"] = server().file("ca.pem");
  return environment;
}

int count(const std::string& name) { return std::stoi(send(to("/count/" + name)).body); }

}  // namespace

TEST_CASE("a request arrives as it was written and its answer comes back") {
  HttpRequest request = to("/echo/a%2Fb/../c?x=1&y=%20");
  request.method = "PUT";
  request.headers = {{"X-Vault-Token", "s.abc"}, {"Content-Type", "application/json"}, {"X-Empty", ""}};
  request.body = std::string("{\"plaintext\":\"x\"}");
  const HttpResponse response = send(request);
  CHECK(response.status == 200);
  CHECK(response.ok());
  CHECK(response.header("content-length") == std::to_string(response.body.size()));
  const JsonFields seen = JsonFields::parse(response.body);
  CHECK(seen.text({"method"}) == "PUT");
  CHECK(seen.text({"path"}) == "/echo/a%2Fb/../c?x=1&y=%20");
  CHECK(seen.text({"body"}) == request.body);
  CHECK(seen.text({"headers", "x-vault-token"}) == "s.abc");
  CHECK(seen.text({"headers", "x-empty"}) == "");
  CHECK(seen.text({"headers", "content-type"}) == "application/json");
  CHECK(!seen.text({"headers", "expect"}));
  CHECK(!seen.text({"headers", "accept-encoding"}));
  CHECK(seen.text({"headers", "host"}) == "127.0.0.1:" + server().port("http"));
}

TEST_CASE("an empty POST says that it is empty, and a GET has no body") {
  HttpRequest request = to("/echo");
  request.method = "POST";
  JsonFields seen = JsonFields::parse(send(request).body);
  CHECK(seen.text({"headers", "content-length"}) == "0");
  CHECK(!seen.text({"headers", "content-type"}));
  seen = JsonFields::parse(send(to("/echo")).body);
  CHECK(!seen.text({"headers", "content-length"}));
}

TEST_CASE("any status but a redirect is an answer") {
  for (const std::string status : {"400", "403", "404", "412", "501"}) {
    const HttpResponse response = send(to("/failing/" + status + "/1?once-" + status));
    CHECK(response.status == std::stoi(status));
    CHECK(response.body == "{\"reason\": \"busy\"}");
  }
}

TEST_CASE("N4: a busy service is asked up to three times, with pauses") {
  const auto begin = std::chrono::steady_clock::now();
  CHECK(send(to("/failing/503/2?busy-twice")).body == "at last");
  CHECK(seconds_since(begin) > 0.7);
  CHECK(count("busy-twice") == 3);
  CHECK(send(to("/failing/500/9?busy-always")).status == 500);
  CHECK(count("busy-always") == 3);
  HttpRequest once = to("/failing/503/9?busy-once");
  once.tries = 1;
  CHECK(send(once).status == 503);
  CHECK(count("busy-once") == 1);
}

TEST_CASE("N4: a service may say in a body that it is busy") {
  HttpRequest request = to("/failing/400/1?busy-in-body");
  request.transient = [](const HttpResponse& response) { return response.body.find("busy") != std::string::npos; };
  CHECK(send(request).body == "at last");
}

TEST_CASE("N4: Retry-After is honoured, and a pause beyond the time limit is not begun") {
  auto begin = std::chrono::steady_clock::now();
  CHECK(send(to("/failing/429/1?wait-one=1")).status == 200);
  CHECK(seconds_since(begin) >= 1.0);
  begin = std::chrono::steady_clock::now();
  CHECK(send(to("/failing/429/1?wait-long=3000")).status == 429);
  CHECK(seconds_since(begin) < 5);
  Environment environment = LoopbackServer::environment();
  environment.clock = [] { return std::time_t{1795600000}; };  // Wed, 25 Nov 2026 09:46:40 GMT
  begin = std::chrono::steady_clock::now();
  CHECK(send(to("/failing/503/1?wait-date=Wed,%2025%20Nov%202026%2009:46:41%20GMT"), environment).status == 200);
  CHECK(seconds_since(begin) < 5);
}

TEST_CASE("N4: a server that never answers is an error when the time is over, and is asked once") {
  HttpRequest request = to("/silent");
  CHECK(request.timeout == std::chrono::seconds(30));
  CHECK(request.connect_timeout == std::chrono::seconds(10));
  request.timeout = std::chrono::milliseconds(700);
  const int asked = count("silent");
  const auto begin = std::chrono::steady_clock::now();
  const Failure failure = failure_of(request);
  CHECK(seconds_since(begin) < 5);
  CHECK(failure.fault == HttpFault::timeout);
  CHECK(failure.message == "no answer from " + server().url("http") + ": no answer in time");
  CHECK(count("silent") == asked + 1);
}

TEST_CASE("N4: an answer that drips is an error when the time is over") {
  HttpRequest request = to("/drip");
  request.timeout = std::chrono::milliseconds(1200);
  CHECK(failure_of(request).fault == HttpFault::timeout);
}

TEST_CASE("a connection that breaks is tried again, then named") {
  const Failure partial = failure_of(to("/partial"));
  CHECK(partial.fault == HttpFault::broken);
  CHECK(partial.message ==
        "no answer from " + server().url("http") + ": the connection was closed in the middle of the answer");
  CHECK(count("partial") == 3);
  const Failure closed = failure_of(to("/closing"));
  CHECK(closed.fault == HttpFault::broken);
  CHECK(closed.message == "no answer from " + server().url("http") + ": the connection was closed without an answer");
  CHECK(failure_of(to("/garbage")).message == "no answer from " + server().url("http") + ": the answer is not HTTP");
}

TEST_CASE("N4: an answer of more than 1 MiB is refused, in its body or its headers") {
  CHECK(failure_of(to("/big")).fault == HttpFault::too_large);
  CHECK(failure_of(to("/headers")).message.find("no answer from ") == 0);
  CHECK(send(to("/exactly/1040000")).body.size() == 1040000);
}

TEST_CASE("N4: no redirect is followed") {
  for (const std::string status : {"301", "302", "303", "307", "308"}) {
    HttpRequest request = to("/redirect/" + status);
    request.headers = {{"X-Vault-Token", "s.canary"}};
    const Failure failure = failure_of(request);
    CHECK(failure.fault == HttpFault::redirect);
    CHECK(failure.message == server().url("http") +
                                 " answers with a redirect to http://elsewhere.example:1, which is not followed: "
                                 "credentials stay with the host that was named");
  }
}

TEST_CASE("N4: only http and https, and nothing that two readers read differently") {
  for (const std::string url : {"ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:70/", "127.0.0.1:8200/x",
                                "http://user:pw@127.0.0.1/", "http://127.0.0.1 /", "http://a\\@b/",
                                "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1:99999/", ""}) {
    HttpRequest request;
    request.url = url;
    INFO(url);
    CHECK(failure_of(request).fault == HttpFault::refused);
    CHECK(failure_of(request).message.rfind("not an http or https address that can be asked: ", 0) == 0);
  }
}

TEST_CASE("a line break in a header is refused and its value not shown") {
  HttpRequest request = to("/echo");
  request.headers = {{"X-Vault-Token", "s.canary\r\nX-Other: 1"}};
  const Failure failure = failure_of(request);
  CHECK(failure.message == "the HTTP header X-Vault-Token would hold a line break");
  request.headers = {{"Bad Name", "x"}};
  CHECK(failure_of(request).message == "no HTTP header: Bad Name");
  request.headers.clear();
  request.method = "GET /x";
  CHECK(failure_of(request).message == "no HTTP method: GET /x");
}

TEST_CASE("where nobody listens, and what is no host, is said") {
  HttpRequest request;
  request.url = "http://127.0.0.1:9/";
  Failure failure = failure_of(request);
  CHECK(failure.fault == HttpFault::unreachable);
  CHECK(failure.message == "no answer from http://127.0.0.1:9: connection refused");
  request.url = "https://no-such-host.invalid/x?token=s.canary";
  request.tries = 1;
  failure = failure_of(request);
  CHECK(failure.fault == HttpFault::no_host);
  CHECK(failure.message == "no answer from https://no-such-host.invalid: no such host");
}

TEST_CASE("N4: certificates and names are verified") {
  Failure failure = failure_of(to("/echo", "tls"));
  CHECK(failure.fault == HttpFault::tls);
  CHECK(failure.message.find("certificate") != std::string::npos);
  CHECK(send(to("/echo", "tls"), trusting()).status == 200);
  failure = failure_of(to("/echo", "wrong"), trusting());
  CHECK(failure.fault == HttpFault::tls);
  CHECK(failure.message.find("127.0.0.1") != std::string::npos);
  CHECK(failure_of(to("/echo", "old"), trusting()).fault == HttpFault::tls);  // TLS 1.1
}

TEST_CASE("N4: an authority may be given with the request, as a file or as text") {
  HttpRequest request = to("/echo", "tls");
  request.tls.ca_file = server().file("ca.pem");
  CHECK(send(request).status == 200);
  request.tls = {};
  request.tls.ca_pem = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
  CHECK(failure_of(request).fault == HttpFault::tls);
  request.tls = {};
  request.tls.ca_file = server().file("mutual.pem");  // no authority of this server, and then no other counts
  CHECK(failure_of(request, trusting()).fault == HttpFault::tls);
  request.tls.ca_file = "/nonexistent/ca.pem";
  const Failure failure = failure_of(request, trusting());
  CHECK(failure.fault == HttpFault::tls);
  CHECK(failure.message.find("/nonexistent/ca.pem") != std::string::npos);
}

TEST_CASE("N4: a connection verified by other means is not used for a request that is to be verified") {
  HttpRequest request = to("/echo", "wrong");
  request.tls.unverified_by = "VAULT_SKIP_VERIFY";
  CHECK(send(request).status == 200);
  CHECK(failure_of(to("/echo", "wrong"), trusting()).fault == HttpFault::tls);
}

TEST_CASE("a client certificate and another server name are used") {
  HttpRequest request = to("/echo", "mutual");
  CHECK(failure_of(request, trusting()).message.find("no answer from") == 0);
  request.tls.certificate_file = server().file("good.pem");
  request.tls.key_file = server().file("good.key");
  CHECK(send(request, trusting()).status == 200);

  request = to("/echo", "wrong");
  request.tls.server_name = "other.example";
  const HttpResponse response = send(request, trusting());
  CHECK(response.status == 200);
  CHECK(JsonFields::parse(response.body).text({"headers", "host"}) == "127.0.0.1:" + server().port("wrong"));
  request.tls.server_name = "third.example";
  CHECK(failure_of(request, trusting()).fault == HttpFault::tls);
}

TEST_CASE("N4: verification turned off by the user's variable is a warning, once, and refused under strict") {
  std::string warnings;
  Environment environment = LoopbackServer::environment();
  environment.err = [&](std::string_view text) { warnings += text; };
  HttpRequest request = to("/echo", "wrong");
  request.tls.unverified_by = "VAULT_SKIP_VERIFY";
  CHECK(send(request, environment).status == 200);
  CHECK(send(request, environment).status == 200);
  CHECK(warnings == "leafseal: warning: VAULT_SKIP_VERIFY is set: the certificate of 127.0.0.1:" +
                        server().port("wrong") + " is not verified\n");
  environment.strict = true;
  try {
    send(request, environment);
    FAIL("sent");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::strict_refusal);
  }
}

TEST_CASE("the proxy of the variables is used, and never for loopback") {
  Environment environment = LoopbackServer::environment();
  environment.variables["HTTP_PROXY"] = "http://user:canary@127.0.0.1:" + server().port("proxy");
  environment.variables["HTTPS_PROXY"] = environment.variables["HTTP_PROXY"];
  environment.variables["SSL_CERT_FILE"] = server().file("ca.pem");
  HttpRequest request;
  request.url = "http://vault.test/echo";
  CHECK(send(request, environment).body == "by proxy");
  request.url = "https://vault.test/echo";
  CHECK(JsonFields::parse(send(request, environment).body).text({"headers", "host"}) == "vault.test");
  CHECK(count("tunnels") == 1);
  CHECK(JsonFields::parse(send(to("/echo"), environment).body).text({"path"}) == "/echo");  // loopback
  request.direct = true;
  request.tries = 1;
  CHECK(failure_of(request, environment).fault == HttpFault::no_host);
  request.direct = false;
  request.proxy = "http://user:canary@127.0.0.1:9";
  const Failure failure = failure_of(request, environment);
  CHECK(failure.fault == HttpFault::unreachable);
  CHECK(failure.message == "no answer from https://vault.test: connection refused (by the proxy http://127.0.0.1:9)");
}

TEST_CASE("N7: a metadata service that is silent, or not there, costs a second at most") {
  Environment environment = LoopbackServer::environment();
  environment.variables["HTTP_PROXY"] = "http://127.0.0.1:9";
  auto begin = std::chrono::steady_clock::now();
  CHECK(failure_of(metadata_request("GET", server().url("http") + "/silent"), environment).fault == HttpFault::timeout);
  CHECK(seconds_since(begin) < 5);
  begin = std::chrono::steady_clock::now();
  CHECK(failure_of(metadata_request("PUT", "http://169.254.169.254/latest/api/token"), environment)
            .message.find("proxy") == std::string::npos);
  CHECK(seconds_since(begin) < 5);
  CHECK(send(metadata_request("GET", server().url("http") + "/echo"), environment).status == 200);
}

TEST_CASE("threads share at most eight connections to a host and keep them open") {
  const int before = count("connections");
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 12; ++k) good += send(to("/slow/0.005")).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 16 * 12);
  CHECK(count("connections") - before <= 8);
}

TEST_CASE("no libcurl variable of the process reaches a request") {
  // libcurl itself would read these; leafseal's variables are those of the Environment.
  setenv("http_proxy", "http://127.0.0.1:9", 1);
  setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
  HttpRequest request = to("/echo");
  request.url = "http://localhost:" + server().port("http") + "/echo";
  CHECK(send(request).status == 200);
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
}
