#include "net/url.hpp"

#include <catch2/catch.hpp>

#include "leafseal/environment.hpp"
#include "net/hosts.hpp"
#include "net/proxy.hpp"

using namespace leafseal;

TEST_CASE("a URL is taken apart and put together again") {
  const auto url = parse_url("HTTPS://Vault.Example.com:8200/v1/a%2Fb?x=1&y=/");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "vault.example.com");
  CHECK(url->port == 8200);
  CHECK(url->path == "/v1/a%2Fb");
  CHECK(url->query == "x=1&y=/");
  CHECK(url->origin() == "https://vault.example.com:8200");
  CHECK(url->text() == "https://vault.example.com:8200/v1/a%2Fb?x=1&y=/");
  CHECK(parse_url("http://h:80")->text() == "http://h/");
  CHECK(parse_url("https://h:80")->text() == "https://h:80/");
  CHECK(parse_url("http://[::1]:8200/x")->host == "::1");
  CHECK(parse_url("http://[::1]:8200/x")->text() == "http://[::1]:8200/x");
}

TEST_CASE("what could mean two hosts is no URL") {
  for (const char* text : {"",
                           "x",
                           "//h/",
                           "ftp://h/",
                           "http://",
                           "http:///x",
                           "http://u@h/",
                           "http://u:p@h/",
                           "http://h:port/",
                           "http://h:0/",
                           "http://h:65536/",
                           "http://h:123456/",
                           "http://h h/",
                           "http://h\\x/",
                           "http://h/ ",
                           "http://h/\n",
                           "http://h/%zz",
                           "http://h/%2",
                           "http://h/#x",
                           "http://h?#x",
                           "http://[::1/",
                           "http://[x]/",
                           "http://[::1]x/",
                           "http://h/<",
                           "http://\xc3\xa4/"}) {
    INFO(text);
    CHECK(!parse_url(text));
  }
}

TEST_CASE("encoding for paths, queries and forms") {
  CHECK(percent_encode("a b/c~_-.ä") == "a%20b%2Fc~_-.%C3%A4");
  CHECK(percent_encode("a b/c", "/") == "a%20b/c");
  CHECK(form_encode({{"grant type", "a+b&c"}, {"x", ""}}) == "grant+type=a%2Bb%26c&x=");
}

TEST_CASE("N3: a region is checked before it becomes part of a host name") {
  for (const char* good : {"eu-central-1", "us-gov-west-1", "a", "tr-west-1"}) CHECK(is_region(good));
  for (const char* bad : {"", "EU", "a.b", "a/b", "a@b", "a:1", "a b", "eu_west", "x\n", "evil.example.com/"}) {
    CHECK(!is_region(bad));
  }
  CHECK(is_region(std::string(40, 'a')));
  CHECK(!is_region(std::string(41, 'a')));
}

TEST_CASE("N2: hosts are compared by whole labels") {
  CHECK(is_under_domain("myvault.vault.azure.net", "vault.azure.net"));
  CHECK(is_under_domain("vault.azure.net", "vault.azure.net"));
  CHECK(!is_under_domain("evilvault.azure.net", "vault.azure.net"));
  CHECK(!is_under_domain("vault.azure.net.evil.example", "vault.azure.net"));
  CHECK(!is_under_domain(".vault.azure.net", "vault.azure.net"));
  CHECK(!is_under_domain("x", ""));
}

TEST_CASE("loopback is known without looking up names") {
  for (const char* yes : {"localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) CHECK(is_loopback(yes));
  for (const char* no : {"localhost.example.com", "10.0.0.1", "0.0.0.0", "::", "127.0.0.1.nip.io", "128.0.0.1", ""}) {
    CHECK(!is_loopback(no));
  }
}

// What Go's net/http does with the same variables (golang.org/x/net/http/httpproxy).
TEST_CASE("the proxy is chosen as Go chooses it") {
  struct Row {
    const char* no_proxy;
    const char* url;
    bool proxied;
  };
  const Row rows[] = {
      {"", "https://a.example.com/", true},
      {"", "https://localhost/", false},
      {"", "https://127.0.0.1:8200/", false},
      {"", "https://[::1]/", false},
      {"*", "https://a.example.com/", false},
      {"example.com", "https://a.example.com/", false},
      {"example.com", "https://example.com/", false},
      {"example.com", "https://badexample.com/", true},
      {".example.com", "https://example.com/", true},
      {".example.com", "https://a.example.com/", false},
      {"*.example.com", "https://a.example.com/", false},
      {"*.example.com", "https://example.com/", true},
      {"EXAMPLE.com", "https://a.Example.COM/", false},
      {"x, example.com ,y", "https://example.com/", false},
      {"example.com:8200", "https://example.com/", true},
      {"example.com:8200", "https://example.com:8200/", false},
      {"10.0.0.0/8", "https://10.1.2.3/", false},
      {"10.0.0.0/8", "https://11.1.2.3/", true},
      {"10.0.0.0/9", "https://10.200.2.3/", true},
      {"10.1.2.3", "https://10.1.2.3/", false},
      {"10.1.2.3:443", "https://10.1.2.3/", false},
      {"10.1.2.3:444", "https://10.1.2.3/", true},
      {"fd00::/8", "https://[fd12::1]/", false},
      {"[fd12::1]:443", "https://[fd12::1]/", false},
      {"fd12::1", "https://[fd12::1]/", false},
      {"10.0.0.0/99", "https://10.1.2.3/", true},
      {"10.0.0.0/x", "https://10.1.2.3/", true},
  };
  for (const Row& row : rows) {
    Environment environment;
    environment.variables["HTTPS_PROXY"] = "proxy.test:3128";
    environment.variables["NO_PROXY"] = row.no_proxy;
    INFO(row.no_proxy << " for " << row.url);
    CHECK(proxy_for(*parse_url(row.url), environment) == (row.proxied ? "http://proxy.test:3128" : ""));
  }
  Environment environment;
  environment.variables["http_proxy"] = "http://p:1";
  CHECK(proxy_for(*parse_url("http://h/"), environment) == "http://p:1");
  CHECK(proxy_for(*parse_url("https://h/"), environment).empty());
  environment.variables["HTTP_PROXY"] = "socks5://q:1";
  CHECK(proxy_for(*parse_url("http://h/"), environment) == "socks5://q:1");
  environment.variables["REQUEST_METHOD"] = "GET";
  CHECK(proxy_for(*parse_url("http://h/"), environment).empty());
}

TEST_CASE("L3: a proxy's user and password stay out of messages") {
  CHECK(shown_proxy("http://user:canary@p:1") == "http://p:1");
  CHECK(shown_proxy("http://p:1") == "http://p:1");
  CHECK(without_user("cannot resolve user:canary@p, :canary", "http://user:canary@p:1") == "cannot resolve ...@p, ...");
  CHECK(without_user("p is not there", "http://p:1") == "p is not there");
}
