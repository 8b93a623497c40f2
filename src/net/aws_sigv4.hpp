// Signature Version 4 of Amazon Web Services: the Authorization header by which a request proves that its sender has a
// secret key, without sending it (AWS General Reference, "Signing AWS API requests"). It says nothing about where keys
// come from or what a service wants to hear.
//
// Keys are ordinary strings: they end in headers, and every freed heap block is wiped.
#pragma once

#include <ctime>
#include <string>

#include "leafseal/http.hpp"

namespace leafseal {

struct AwsKeys {
  std::string id;
  std::string secret;
  std::string session_token;  // of temporary keys, or empty

  bool complete() const { return !id.empty() && !secret.empty(); }
};

// What the signature is good for: a few minutes around `now`, one region, one service.
struct AwsScope {
  std::string region;   // "us-east-1"
  std::string service;  // "kms"; "s3" is signed by rules of its own: the path as it is, the body's hash as a header
  std::time_t now = 0;  // seconds since 1970, UTC
};

// Adds X-Amz-Date, X-Amz-Security-Token where the keys have one, and Authorization over all headers that the request
// has by now, its body and its URL, whose query must be encoded as percent_encode() does it. Throws Error{generic} for
// a URL that cannot be asked.
void sign_for_aws(HttpRequest& request, const AwsKeys& keys, const AwsScope& scope);

}  // namespace leafseal
