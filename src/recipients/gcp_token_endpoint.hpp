// Token endpoints of OAuth 2.0 as Google has them: a form goes in, a token or a refusal comes back (RFC 6749 4.1.3, 5;
// RFC 7523, RFC 8693).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "leafseal/environment.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

struct GcpTokenRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> form;
  std::string client_id;  // sent as a header with the secret; or both empty
  std::string client_secret;
  std::string hint;  // what to do when the endpoint refuses
};

// Throws Error{generic} with the endpoint's reason, and HttpError.
GcpToken ask_token_endpoint(const GcpTokenRequest& request, const Environment& environment);

// An address in the user's credentials that will get a proof of who they are: http or https, and http to another
// machine is warned of once, or under strict refused with Error{strict_refusal}. `named_by` is the member that has it.
void check_gcp_address(const std::string& url, const std::string& named_by, const Environment& environment);

}  // namespace leafseal
