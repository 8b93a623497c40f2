// Http: one request to a service and its answer, over libcurl or, in unit tests, over a double (Environment::http). Key
// services are written against this header alone; security.md N4 holds for each request without their help:
//
//   - http and https only; TLS 1.2 at least, certificate and host name verified
//   - no redirect is followed, so credentials stay with the host they were meant for; an answer 3xx is an HttpError
//   - the answer has 1 MiB at most; connecting takes 10 s at most, send() 30 s with all its tries and waits, and what a
//     process loses in tries that fail or drag adds up to 120 s at most
//   - up to three tries with growing random pauses, or the pause that Retry-After names: after failures to connect,
//     broken connections, and the statuses 408, 429, 500, 502, 503, 504. So a request must be one that may be repeated
//   - connections are kept open and shared by the threads of the process, eight to a host at most
//   - proxies and certificates as the user's variables say: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, SSL_CERT_FILE,
//     SSL_CERT_DIR, read from `environment`, never from a file of a repository
//
// An answer with any status but 3xx is a value: the service's own reason stands in its body. No answer is an HttpError.
// Its message names host and port and never holds a header, a body, a path or a query, so it may be printed as it is.
//
// Headers and bodies hold tokens and data keys: they live in heap blocks that are wiped when freed (wiping_heap.cpp),
// in libcurl too. The library is loaded by the first request, a run without one opens none.
//
//   HttpRequest request;
//   request.method = "POST";
//   request.url = endpoint + "/v1/key:decrypt";
//   request.headers = {{"Authorization", "Bearer " + token}};
//   request.body = json_object({{"ciphertext", json_string(enc)}});
//   const HttpResponse response = http(environment).send(request, environment);
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "leafseal/environment.hpp"
#include "leafseal/error.hpp"

namespace leafseal {

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::string header(std::string_view lower_case_name) const;  // of the first of that name, or empty
  bool ok() const { return status >= 200 && status < 300; }
};

// What differs from the system's trust. Paths are the user's own (a variable, a profile), never a document's.
struct TlsOptions {
  std::string ca_file;           // PEM; only these authorities are trusted, not SSL_CERT_FILE's or the system's
  std::string ca_pem;            // the same as text; wins over ca_file
  std::string certificate_file;  // the client's, PEM, with its key in key_file
  std::string key_file;
  std::string server_name;  // asked for and verified instead of the URL's host
  // The variable by which the user turned verification off, "VAULT_SKIP_VERIFY"; empty: certificates are verified.
  // It is named in a warning, and under strict the request is refused with Error{strict_refusal}.
  std::string unverified_by;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // absolute; no user, no fragment; already percent-encoded (net/url.hpp)
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  TlsOptions tls;
  std::string unix_socket;  // the path of a socket to connect to; the URL's host is then only a name
  std::string proxy;        // the service's own proxy variable; empty: the general ones
  bool direct = false;      // no proxy: metadata services, which are on this machine or its host
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{30'000};  // of send(), with all tries and waits
  int tries = 3;
  // Further answers after which to try again, for services that say "slow down" in a body.
  std::function<bool(const HttpResponse&)> transient;
};

// Why there is no answer. Credential chains go on to their next source after `unreachable` and the like.
enum class HttpFault {
  refused,      // the request is not one that may be sent: scheme, line breaks in a header, a path with blanks
  no_library,   // libcurl cannot be loaded
  no_host,      // its name has no address
  unreachable,  // no connection
  tls,          // certificate or handshake
  timeout,
  broken,     // the connection closed in the middle, or the answer is no HTTP
  too_large,  // more than 1 MiB
  redirect,
};

class HttpError : public Error {
 public:
  HttpError(HttpFault fault, std::string message, std::vector<std::string> hints = {})
      : Error(ExitCode::generic, std::move(message), std::move(hints)), fault_(fault) {}
  HttpFault fault() const { return fault_; }

 private:
  HttpFault fault_;
};

class Http {
 public:
  virtual ~Http() = default;
  // Safe to call from several threads. Throws HttpError, and Error{strict_refusal}.
  virtual HttpResponse send(const HttpRequest& request, const Environment& environment) = 0;
};

// The one that this environment's requests go through: its double, or the process's own client.
Http& http(const Environment& environment);

}  // namespace leafseal
