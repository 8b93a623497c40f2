// The chain of sources of Azure's tokens: each source alone, every pair of them, what is refused, expiry.
#include "recipients/azure_credentials.hpp"

#include <catch2/catch.hpp>

#include "base/file.hpp"
#include "leafseal/http.hpp"
#include "net/base64url.hpp"
#include "net/json_fields.hpp"
#include "recipients/azure_access.hpp"
#include "recipients/azure_arc.hpp"
#include "recipients/azure_surroundings.hpp"
#include "support/http_double.hpp"

using namespace leafseal;

namespace {

constexpr std::time_t now = 1767225600;  // 2026-01-01T00:00:00Z
const std::string tenant = "11111111-2222-3333-4444-555555555555";
const std::string login = "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token";
const std::string resource = "resource=https%3A%2F%2Fvault.azure.net";

std::string field(const HttpRequest& request, const std::string& name) {
  const std::size_t at = ("&" + request.body).find("&" + name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  return request.body.substr(begin, request.body.find('&', begin) - begin);
}

// All services that give tokens. A token is named after the way in which it was asked for.
class Services final : public Http {
 public:
  std::vector<HttpRequest> requests;
  bool machine = false;  // a virtual machine with an identity
  HttpResponse refusal;  // of Entra, when it has a status; of the machine's service too

  HttpResponse send(const HttpRequest& request, const Environment&) override {
    requests.push_back(request);
    if (refusal.status != 0) return refusal;
    const std::string& url = request.url;
    if (url == login && field(request, "scope") == "https%3A%2F%2Fvault.azure.net%2F.default") return entra(request);
    if (url == "http://127.0.0.1:41/token?api-version=2019-08-01&" + resource) {
      return header_of(request, "x-identity-header") == "h" ? given("APP") : HttpResponse{401, {}, ""};
    }
    if (url == "http://127.0.0.1:42/ml?api-version=2017-09-01&" + resource + "&clientid=ml-client") {
      return header_of(request, "secret") == "s" ? given("ML") : HttpResponse{401, {}, ""};
    }
    if (url == "http://127.0.0.1:42/ml" && request.method == "POST") return given("SHELL");
    if (url == "http://127.0.0.1:43/arc?api-version=2020-06-01&" + resource) {
      return {401, {{"www-authenticate", "Basic realm=/var/opt/azcmagent/tokens/leafseal-test.key"}}, ""};
    }
    if (url.starts_with("http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&" + resource) &&
        machine && header_of(request, "metadata") == "true") {
      return given("MACHINE");
    }
    throw HttpError(HttpFault::unreachable, "no answer from " + url.substr(0, url.find('/', 8)) + ": no route");
  }

 private:
  static HttpResponse given(const std::string& token) {
    return {200, {}, R"({"access_token":")" + token + R"(","expires_on":"1767229200","expires_in":3600})"};
  }
  static HttpResponse entra(const HttpRequest& request) {
    if (field(request, "grant_type") != "client_credentials" || field(request, "client_id") != "me")
      return {400, {}, "{}"};
    if (field(request, "client_secret") == "secret-canary") return given("SECRET");
    if (field(request, "client_assertion_type") != "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer") {
      return {401, {}, "{}"};
    }
    return given(field(request, "client_assertion") == "jwt" ? "WORKLOAD" : "CERTIFICATE");
  }
};

struct Bench {
  std::string home;
  Services services;
  Environment environment;
  AzureTokenRequest asked{"https://vault.azure.net", ""};
  int source = -1;

  Bench() {
    char pattern[] = "/tmp/lsz-XXXXXX";
    home = mkdtemp(pattern);
    environment.http = &services;
    environment.clock = [] { return now; };
    environment.variables = {{"HOME", home}, {"PATH", home + "/bin:/usr/bin:/bin"}};
  }
  ~Bench() { std::filesystem::remove_all(home); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void set(const std::string& name, const std::string& value) { environment.variables[name] = value; }
  void write(const std::string& path, const std::string& text) const { std::ofstream(home + path) << text; }
  void tool(const std::string& name, const std::string& script) const {
    AzureSurroundings::add_tool(home + "/bin", name, script);
  }
  void client() {
    set("AZURE_TENANT_ID", tenant);
    set("AZURE_CLIENT_ID", "me");
  }

  // The token that the chain finds, or why it finds none.
  std::string find(std::string* hint = nullptr) {
    try {
      const AzureToken token = find_azure_token(asked, source, environment);
      CHECK(token.expires == now + 3600);
      return token.text;
    } catch (const Error& error) {
      if (hint != nullptr) *hint = error.hints().empty() ? "" : error.hints().front();
      const std::string text = error.what();
      return text.find("/var/opt/azcmagent/tokens/leafseal-test.key") != std::string::npos ? "ARC" : "failed: " + text;
    }
  }
};

struct Source {
  const char* name;   // for AZURE_TOKEN_CREDENTIALS
  const char* token;  // that it gives
  void (*set_up)(Bench&);
};

// In the order of the chain. Arc's agent asks for a file that is not there: that it is asked is what shows.
const Source sources[] = {
    {"EnvironmentCredential", "SECRET",
     [](Bench& bench) {
       bench.client();
       bench.set("AZURE_CLIENT_SECRET", "secret-canary");
     }},
    {"environmentcredential", "CERTIFICATE",
     [](Bench& bench) {
       bench.client();
       bench.set("AZURE_CLIENT_CERTIFICATE_PATH", AzureSurroundings::certificates() + "/own.pem");
     }},
    {"WorkloadIdentityCredential", "WORKLOAD",
     [](Bench& bench) {
       bench.client();
       bench.write("/jwt", "jwt\n");
       bench.set("AZURE_FEDERATED_TOKEN_FILE", bench.home + "/jwt");
     }},
    {"ManagedIdentityCredential", "APP",
     [](Bench& bench) {
       bench.set("IDENTITY_ENDPOINT", "http://127.0.0.1:41/token");
       bench.set("IDENTITY_HEADER", "h");
     }},
    {"ManagedIdentityCredential", "ML",
     [](Bench& bench) {
       bench.set("MSI_ENDPOINT", "http://127.0.0.1:42/ml");
       bench.set("MSI_SECRET", "s");
       bench.set("DEFAULT_IDENTITY_CLIENT_ID", "ml-client");
     }},
    {"ManagedIdentityCredential", "SHELL", [](Bench& bench) { bench.set("MSI_ENDPOINT", "http://127.0.0.1:42/ml"); }},
    {"ManagedIdentityCredential", "ARC",
     [](Bench& bench) {
       if (!bench.environment.is_set("IDENTITY_HEADER")) bench.set("IDENTITY_ENDPOINT", "http://127.0.0.1:43/arc");
       bench.set("IMDS_ENDPOINT", "http://127.0.0.1:43");
     }},
    {"ManagedIdentityCredential", "MACHINE", [](Bench& bench) { bench.services.machine = true; }},
    {"AzureCLICredential", "CLI",
     [](Bench& bench) { bench.tool("az", R"(echo '{"accessToken":"CLI","expires_on":1767229200}')"); }},
    {"AzureDeveloperCLICredential", "AZD",
     [](Bench& bench) { bench.tool("azd", R"(echo '{"token":"AZD","expiresOn":"2026-01-01T01:00:00Z"}')"); }},
    {"AzurePowerShellCredential", "PWSH",
     [](Bench& bench) { bench.tool("pwsh", R"(echo '{"Token":"PWSH","ExpiresOn":1767229200}')"); }},
};
constexpr std::size_t first_managed = 3, machine = 7;

}  // namespace

TEST_CASE("every source of Azure's tokens alone, and every pair: the earlier one in the chain wins") {
  for (std::size_t first = 0; first < std::size(sources); ++first) {
    for (std::size_t second = first; second < std::size(sources); ++second) {
      Bench bench;
      sources[first].set_up(bench);
      if (second != first) sources[second].set_up(bench);
      INFO(sources[first].token << " and " << sources[second].token);
      CHECK(bench.find() == sources[first].token);
    }
  }
}

TEST_CASE("AZURE_TOKEN_CREDENTIALS takes a part of the chain, or one source") {
  for (std::size_t chosen = 0; chosen < std::size(sources); ++chosen) {
    if (chosen == 0) continue;  // where there is a secret, no certificate is used: shown above
    Bench bench;
    for (const std::size_t other : {std::size_t{8}, std::size_t{9}, std::size_t{10}}) sources[other].set_up(bench);
    sources[chosen].set_up(bench);
    bench.set("AZURE_TOKEN_CREDENTIALS", sources[chosen].name);
    INFO(sources[chosen].token);
    CHECK(bench.find() == sources[chosen].token);
  }
  Bench bench;
  sources[machine].set_up(bench);
  sources[9].set_up(bench);
  bench.set("AZURE_TOKEN_CREDENTIALS", "dev");
  CHECK(bench.find() == "AZD");
  bench.source = -1;
  bench.set("AZURE_TOKEN_CREDENTIALS", "prod");
  CHECK(bench.find() == "MACHINE");
  bench.services.machine = false;
  bench.source = -1;
  CHECK(bench.find().find("AzureCLI") == std::string::npos);
  bench.set("AZURE_TOKEN_CREDENTIALS", "Prod");
  CHECK(bench.find().starts_with("failed: invalid AZURE_TOKEN_CREDENTIALS value \"Prod\". Valid values are \"dev\", "));
}

TEST_CASE("where nothing has a token, every source and its reason are named") {
  Bench bench;
  bench.set("PATH", bench.home);
  std::string hint;
  CHECK(bench.find(&hint) ==
        "failed: DefaultAzureCredential: failed to acquire a token. Attempted credentials: EnvironmentCredential: "
        "missing environment variable AZURE_TENANT_ID; WorkloadIdentityCredential: no client ID specified. Check pod "
        "configuration or set AZURE_CLIENT_ID; ManagedIdentityCredential: no answer from http://169.254.169.254: no "
        "route; AzureCLICredential: executable not found on path; AzureDeveloperCLICredential: executable not found on "
        "path; AzurePowerShellCredential: executable not found on path");
  CHECK(hint == "log in with `az login`, or export AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET");
  bench.client();
  CHECK(bench.find().find("EnvironmentCredential: incomplete environment variable configuration. Only AZURE_TENANT_ID "
                          "and AZURE_CLIENT_ID are set; WorkloadIdentityCredential: no token file specified") !=
        std::string::npos);
}

TEST_CASE(
    "N7: no metadata host is asked while an earlier source gives a token, and then once, for a second, directly") {
  for (std::size_t i = 0; i < first_managed; ++i) {
    Bench bench;
    sources[i].set_up(bench);
    bench.find();
    for (const HttpRequest& request : bench.services.requests) CHECK(request.url.starts_with("https://login."));
  }
  Bench bench;
  bench.services.machine = true;
  CHECK(bench.find() == "MACHINE");
  REQUIRE(bench.services.requests.size() == 1);
  CHECK(bench.services.requests[0].direct);
  CHECK(bench.services.requests[0].tries == 1);
  CHECK(bench.services.requests[0].timeout <= std::chrono::seconds(1));
  bench.source = -1;
  bench.set("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");  // the only one: it is waited for
  CHECK(bench.find() == "MACHINE");
  CHECK(bench.services.requests[1].direct);
  CHECK(bench.services.requests[1].tries == 5);
}

TEST_CASE("the source that gave a token is the one that is asked again") {
  Bench bench;
  sources[9].set_up(bench);
  CHECK(bench.find() == "AZD");
  const std::size_t before = bench.services.requests.size();
  sources[machine].set_up(bench);
  CHECK(bench.find() == "AZD");
  CHECK(bench.services.requests.size() == before);
}

TEST_CASE("what Entra refuses ends the chain, with its reason and what to do") {
  Bench bench;
  sources[0].set_up(bench);
  sources[8].set_up(bench);
  const std::string failed =
      "failed: DefaultAzureCredential: failed to acquire a token. Attempted credentials: EnvironmentCredential "
      "authentication failed: POST " +
      login + ", RESPONSE 401: ";
  std::string hint;
  const auto refuse = [&](const std::string& body) {
    bench.services.refusal = {401, {}, body};
    return bench.find(&hint);
  };
  CHECK(refuse(R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. )"
               R"(Trace ID: 1 Correlation ID: 2"})") ==
        failed + "invalid_client: AADSTS7000215: Invalid client secret provided.");
  CHECK(hint == "look at AZURE_CLIENT_SECRET: it must be the secret's value, not its id");
  refuse(
      R"({"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired."})");
  CHECK(hint == "the secret in AZURE_CLIENT_SECRET has expired: make a new one");
  refuse(
      R"({"error":"invalid_client","error_description":"AADSTS700213: No matching federated identity record found"})");
  CHECK(hint.starts_with("the application needs a federated credential"));
  refuse(R"({"error":"invalid_client","error_description":"AADSTS1: x"})");
  CHECK(hint == "look at AZURE_CLIENT_SECRET, or the certificate, and when they expire");
  CHECK(refuse("<html>") == failed + "<html>");
  CHECK(refuse(R"({"access_token":""})") == failed + R"({"access_token":""})");
}

TEST_CASE("N2: the tenant is the environment's, and the vault's only where the user allows it") {
  Bench bench;
  sources[0].set_up(bench);
  bench.asked.tenant = "22222222-2222-3333-4444-555555555555";
  CHECK(bench.find() == "SECRET");  // the double knows the environment's tenant alone
  for (const char* allowed : {"*", "x;22222222-2222-3333-4444-555555555555"}) {
    bench.set("AZURE_ADDITIONALLY_ALLOWED_TENANTS", allowed);
    bench.find();
    CHECK(bench.services.requests.back().url ==
          "https://login.microsoftonline.com/22222222-2222-3333-4444-555555555555/oauth2/v2.0/token");
  }
  bench.asked.tenant = "../evil";
  bench.find();
  CHECK(bench.services.requests.back().url == login);
}

TEST_CASE("the authority is Azure's or the user's, with https, and a tenant is a name") {
  Bench bench;
  sources[0].set_up(bench);
  for (const char* host : {"https://login.microsoftonline.us", "https://login.microsoftonline.us/"}) {
    bench.set("AZURE_AUTHORITY_HOST", host);
    bench.find();
    CHECK(bench.services.requests.back().url == "https://login.microsoftonline.us/" + tenant + "/oauth2/v2.0/token");
  }
  bench.set("AZURE_TENANT_ID", "adfs");
  bench.find();
  CHECK(bench.services.requests.back().url == "https://login.microsoftonline.us/adfs/oauth2/token");
  const std::size_t before = bench.services.requests.size();
  bench.set("AZURE_AUTHORITY_HOST", "http://login.example");
  CHECK(bench.find().ends_with("cannot use an authority host without https"));
  bench.set("AZURE_AUTHORITY_HOST", "");
  bench.set("AZURE_TENANT_ID", "a/b");
  CHECK(bench.find().ends_with("invalid tenantID: a/b"));
  CHECK(bench.services.requests.size() == before);
}

TEST_CASE("a certificate signs what is said of the client, and its file may have any of the usual forms") {
  Bench bench;
  sources[1].set_up(bench);
  const std::string folder = AzureSurroundings::certificates();
  for (const char* file : {"/own.pem", "/new.pfx", "/old.pfx"}) {
    bench.set("AZURE_CLIENT_CERTIFICATE_PATH", folder + file);
    bench.set("AZURE_CLIENT_CERTIFICATE_PASSWORD", std::string(file) == "/own.pem" ? "" : "secret");
    INFO(file);
    CHECK(bench.find() == "CERTIFICATE");
  }
  const std::string token = field(bench.services.requests.back(), "client_assertion");
  const std::size_t dot = token.find('.');
  const JsonFields head = JsonFields::parse(base64url::decode(token.substr(0, dot)).value_or(""));
  const JsonFields claims =
      JsonFields::parse(base64url::decode(token.substr(dot + 1, token.rfind('.') - dot - 1)).value_or(""));
  CHECK(head.text({"alg"}) == "PS256");
  CHECK(head.text({"x5t#S256"}).value_or("").size() == 43);
  CHECK(!head.json({"x5c"}));
  CHECK(claims.text({"aud"}) == login);
  CHECK(claims.text({"iss"}) == "me");
  CHECK(claims.text({"sub"}) == "me");
  CHECK(claims.number({"nbf"}) == now);
  CHECK(claims.number({"exp"}) == now + 600);
  CHECK(!claims.text({"jti"}).value_or("").empty());
  bench.set("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN", "TRUE");
  bench.find();
  const std::string longer = field(bench.services.requests.back(), "client_assertion");
  CHECK(JsonFields::parse(base64url::decode(longer.substr(0, longer.find('.'))).value_or("")).texts({"x5c"}).size() ==
        1);
}

TEST_CASE("a certificate's file that is none is a source that is not there") {
  Bench bench;
  sources[1].set_up(bench);
  bench.set("PATH", bench.home);
  const std::string folder = AzureSurroundings::certificates();
  const auto reason = [&](const std::string& path, const std::string& password = "") {
    bench.set("AZURE_CLIENT_CERTIFICATE_PATH", path);
    bench.set("AZURE_CLIENT_CERTIFICATE_PASSWORD", password);
    const std::string text = bench.find();
    const std::size_t begin = text.find("EnvironmentCredential: ");
    return text.substr(begin, text.find("; Workload") - begin);
  };
  const auto parsing = [](const std::string& path, const std::string& why) {
    return "EnvironmentCredential: failed to parse \"" + path + "\" due to error \"" + why + "\"";
  };
  CHECK(reason(bench.home + "/none").starts_with("EnvironmentCredential: failed to read certificate file \""));
  CHECK(reason(folder + "/key") == parsing(folder + "/key", "found no certificate"));
  CHECK(reason(folder + "/crt") == parsing(folder + "/crt", "found no private key"));
  CHECK(reason(folder + "/new.pfx", "wrong") == parsing(folder + "/new.pfx", "didn't find any certificate content"));
  bench.write("/text", "no certificate");
  CHECK(reason(bench.home + "/text") == parsing(bench.home + "/text", "didn't find any certificate content"));
}

TEST_CASE("a federated token is read each time, and must be there") {
  Bench bench;
  sources[2].set_up(bench);
  CHECK(bench.find() == "WORKLOAD");
  bench.write("/jwt", "renewed");
  bench.find();
  CHECK(field(bench.services.requests.back(), "client_assertion") == "renewed");
  std::filesystem::remove(bench.home + "/jwt");
  bench.source = -1;
  CHECK(bench.find().find("; WorkloadIdentityCredential: Error reading file: open ") != std::string::npos);
}

TEST_CASE("the metadata service of a machine: which answers are a refusal, and which mean that it is none") {
  Bench bench;
  bench.set("PATH", bench.home);
  const auto goes_on = [&](int status, const std::string& body) {
    bench.services.refusal = {status, {}, body};
    return bench.find().find("; AzureCLICredential: ") != std::string::npos;
  };
  CHECK(goes_on(400, R"({"error":"invalid_request","error_description":"Identity not found"})"));
  CHECK(goes_on(403, "A socket operation was attempted to an unreachable host"));
  CHECK(goes_on(200, "<html>"));
  CHECK(!goes_on(403, "no"));
  CHECK(!goes_on(500, "{}"));
  bench.set("AZURE_CLIENT_ID", "some id");
  CHECK(!goes_on(400, R"({"error_description":"Identity not found"})"));
  std::string hint;
  CHECK(
      bench.find(&hint).ends_with("ManagedIdentityCredential: the requested identity isn't assigned to this resource, "
                                  "RESPONSE 400: Identity not found"));
  CHECK(hint == "look at AZURE_CLIENT_ID: it names the identity to use");
  CHECK(bench.services.requests.back().url.ends_with(resource + "&client_id=some%20id"));
}

TEST_CASE("identities that a platform does not have are not asked for") {
  Bench bench;
  bench.set("PATH", bench.home);
  bench.set("AZURE_CLIENT_ID", "me");
  sources[5].set_up(bench);
  CHECK(bench.find().find("ManagedIdentityCredential: Cloud Shell doesn't support user-assigned") != std::string::npos);
  bench.environment.variables.erase("MSI_ENDPOINT");
  sources[6].set_up(bench);
  CHECK(bench.find().find("ManagedIdentityCredential: Azure Arc doesn't support user-assigned") != std::string::npos);
  sources[3].set_up(bench);
  bench.set("IDENTITY_SERVER_THUMBPRINT", "x");
  CHECK(bench.find().find("ManagedIdentityCredential: identities of Service Fabric are not served") !=
        std::string::npos);
  CHECK(bench.services.requests.empty());
  bench.set("IDENTITY_SERVER_THUMBPRINT", "");
  bench.set("IDENTITY_ENDPOINT", "ftp://x");
  CHECK(bench.find().ends_with("ManagedIdentityCredential: IDENTITY_ENDPOINT is no http or https address: ftp://x"));
}

TEST_CASE("the agent of Azure Arc gets the content of its own files alone") {
  Bench bench;
  bench.write("/a.key", "content");
  bench.write("/a.txt", "content");
  bench.write("/b.key", std::string(5000, 'x'));
  const auto secret = [&](const std::string& challenge) {
    try {
      return arc_secret(challenge, bench.home);
    } catch (const Error& error) {
      return "failed: " + std::string(error.what()).substr(0, 40);
    }
  };
  CHECK(secret("Basic realm=" + bench.home + "/a.key") == "content");
  const std::string foreign = "failed: the agent of Azure Arc asks for a file that";
  CHECK(secret("Basic realm=/etc/a.key").starts_with(foreign.substr(0, 48)));
  CHECK(secret("Basic realm=" + bench.home + "/../a.key").starts_with(foreign.substr(0, 48)));
  CHECK(secret("Basic realm=" + bench.home + "/a.txt").starts_with(foreign.substr(0, 48)));
  CHECK(secret("Basic realm=" + bench.home + "/.key").starts_with(foreign.substr(0, 48)));
  CHECK(secret("Basic realm=" + bench.home + "/b.key").starts_with("failed: "));
  CHECK(secret("Bearer x").starts_with("failed: the agent of Azure Arc asks for no file"));
}

TEST_CASE("programs of the user's: what they are asked, and what becomes of their failures") {
  Bench bench;
  bench.asked.tenant = tenant;
  bench.set("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential");
  bench.tool("az", "echo \"$0 $@\" >" + bench.home + R"(/words; echo '{"accessToken":"CLI","expires_on":1767229200}')");
  CHECK(bench.find() == "CLI");
  CHECK(read_file(bench.home + "/words") ==
        bench.home + "/bin/az account get-access-token -o json --resource https://vault.azure.net --tenant " + tenant +
            "\n");
  bench.set("AZURE_TOKEN_CREDENTIALS", "AzureDeveloperCLICredential");
  bench.source = -1;
  bench.tool("azd",
             "echo \"$@\" >" + bench.home + R"(/words; echo '{"token":"AZD","expiresOn":"2026-01-01T01:00:00Z"}')");
  CHECK(bench.find() == "AZD");
  CHECK(read_file(bench.home + "/words") ==
        "auth token -o json --no-prompt --scope https://vault.azure.net/.default --tenant-id " + tenant + "\n");
  bench.set("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential");
  const auto fails = [&](const std::string& script) {
    bench.source = -1;
    bench.tool("az", script);
    const std::string text = bench.find();
    return text.substr(std::min(text.find("AzureCLICredential: "), text.size()));
  };
  CHECK(fails("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1") ==
        "AzureCLICredential: ERROR: Please run 'az login' to setup account.");
  CHECK(fails("exit 3") == "AzureCLICredential: exit status 3");
  CHECK(fails("echo token-canary") == "AzureCLICredential: az printed no token");
  CHECK(fails("echo '{\"accessToken\":\"x\"}'") == "AzureCLICredential: error parsing token expiration time");
  CHECK(fails(R"(echo '{"error":"log in first"}' >&2; exit 1)") == "AzureCLICredential: log in first");
  bench.asked = {"https://vault.azure.net;rm", ""};
  CHECK(fails("exit 0").find("invalid scope") == std::string::npos);
  CHECK(bench.find().ends_with("invalid scope \"https://vault.azure.net;rm/.default\""));
}

TEST_CASE("a program that does not end is given up after ten seconds", "[slow]") {
  Bench bench;
  bench.set("AZURE_TOKEN_CREDENTIALS", "AzureCLICredential");
  bench.tool("az", "exec sleep 60");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(bench.find().ends_with("AzureCLICredential: no answer within ten seconds"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(16));
}

TEST_CASE("L3: no failure shows a secret, an assertion or a token") {
  for (std::size_t i = 0; i < first_managed; ++i) {
    Bench bench;
    sources[i].set_up(bench);
    bench.services.refusal = {400, {}, "{}"};
    const std::string text = bench.find();
    CHECK(text.find("canary") == std::string::npos);
    CHECK(text.find("jwt") == std::string::npos);
    CHECK(text.find("PRIVATE") == std::string::npos);
  }
}

TEST_CASE("a token is kept until shortly before it expires, and one that was refused is asked for again") {
  Bench bench;
  sources[0].set_up(bench);
  std::time_t clock = now;
  bench.environment.clock = [&] { return clock; };
  AzureAccess access(bench.environment);
  CHECK(access.token(bench.asked) == "SECRET");
  clock += 3299;
  CHECK(access.token(bench.asked) == "SECRET");
  CHECK(bench.services.requests.size() == 1);
  clock += 1;
  CHECK(access.token(bench.asked) == "SECRET");
  CHECK(bench.services.requests.size() == 2);
  access.forget_token(bench.asked, "older");
  access.token(bench.asked);
  CHECK(bench.services.requests.size() == 2);
  access.forget_token(bench.asked, "SECRET");
  access.token(bench.asked);
  CHECK(bench.services.requests.size() == 3);
  CHECK_THROWS_AS(access.token({"https://managedhsm.azure.net", ""}),
                  Error);  // not the same token; the double knows none
  CHECK(bench.services.requests.size() == 4);
}
