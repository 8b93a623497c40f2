// Requests to services of AWS: sent to the endpoint of their region, signed, and their refusals made into errors in the
// form of AWS's SDK: "operation error KMS: Decrypt, https response error StatusCode: 400, RequestID: ..., NAME:
// reason".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "leafseal/http.hpp"
#include "net/aws_sigv4.hpp"
#include "recipients/aws_profile.hpp"

namespace leafseal {

struct AwsRequest {
  std::string service;    // "kms": in the host's name and the signature
  std::string operation;  // "KMS: Decrypt", for messages
  std::string region;
  std::string method = "POST";
  std::string host_prefix;  // "bucket.", in front of the endpoint's host
  std::string path = "/";   // percent-encoded, may have a query
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// The answer of a service that did as it was asked. `keys` null: not signed. Throws Error{generic} with the service's
// reason, HttpError, or what a variable is wrong with.
HttpResponse send_to_aws(const AwsRequest& request, const AwsKeys* keys, const AwsProfile& profile,
                         const Environment& environment);

// The first text of an XML element <name>, entities decoded; empty if absent. STS answers in XML.
std::string xml_text(const std::string& xml, const std::string& name);

}  // namespace leafseal
