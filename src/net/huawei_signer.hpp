// SDK-HMAC-SHA256, Huawei Cloud's signature: the Authorization header by which a request proves that its sender has a
// secret key, without sending it ("Signing SDK and Demo" of API Gateway; spec: recipients.md 9). The secret key signs
// itself, no key is derived from it. It says nothing about where keys come from or what a service wants to hear.
//
// Keys are ordinary strings: they end in headers, and every freed heap block is wiped.
#pragma once

#include <ctime>
#include <string>

#include "leafseal/http.hpp"

namespace leafseal {

struct HuaweiKeys {
  std::string access;
  std::string secret;
  std::string security_token;  // of temporary keys, or empty

  bool complete() const { return !access.empty() && !secret.empty(); }
};

// Adds X-Sdk-Date, X-Security-Token where the keys have one, and Authorization over the body, the URL - encoded as
// percent_encode() does it - and all headers that the request has by now, but Content-Type and those with '_' in their
// names, which proxies change. `now`: seconds since 1970, UTC. Throws Error{generic} for a URL that cannot be asked.
void sign_for_huawei(HttpRequest& request, const HuaweiKeys& keys, std::time_t now);

}  // namespace leafseal
