// The one place that knows libcurl: the library, opened on first use, and one try of a request on one of the process's
// connections. What a try means - again, or an error for the user - is http.cpp's business.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

#include "leafseal/http.hpp"
#include "net/url.hpp"

namespace leafseal {

struct HttpTry {
  bool answered = false;  // `response` is complete; else `fault` and `reason` say why not
  HttpResponse response;
  HttpFault fault = HttpFault::broken;
  std::string reason;  // lower case, without host and port; fit for a terminal
};

// What a try needs beside the request, resolved from the user's variables.
struct HttpSettings {
  Url url;
  std::string proxy;         // empty: none
  std::string ca_file;       // empty: the system's
  std::string ca_directory;  // empty: the system's
  std::chrono::milliseconds timeout;
};

// Throws HttpError{no_library}. Safe to call from several threads.
HttpTry send_once(const HttpRequest& request, const HttpSettings& settings);

// The seconds that a Retry-After header asks for: a number, or a date (RFC 9110 10.2.3). Negative: it is neither.
long retry_after(const std::string& value, std::time_t now);

}  // namespace leafseal
