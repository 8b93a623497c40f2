// Requests to services of Google Cloud: with a token of the user's, and refusals made into errors in the form of
// Google's client library, "googleapi: Error 404: REASON". A token that is refused is replaced once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "recipients/gcp_access.hpp"

namespace leafseal {

class GcpError : public Error {
 public:
  GcpError(int status, std::string message, std::vector<std::string> hints)
      : Error(ExitCode::generic, std::move(message), std::move(hints)), status_(status) {}
  int status() const { return status_; }  // of the service's answer

 private:
  int status_;
};

// The answer of a service that did as it was asked. `request` has no Authorization; the caller has made its URL, whose
// host gets the token, from Google's names or the user's environment. Throws GcpError with the service's reason, what
// is wrong with the credentials as Error{generic}, and HttpError.
HttpResponse send_to_gcp(HttpRequest request, const std::string& scope, GcpAccess& access,
                         const Environment& environment);

// "googleapi: Error 404: REASON" for an answer that is no success.
std::string gcp_refusal(const HttpResponse& response);

}  // namespace leafseal
