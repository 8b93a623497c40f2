// Requests to a HashiCorp Vault or OpenBao server, with the token, namespace and TLS settings of the user's
// environment, the variables of Vault's own programs (spec: recipients.md 8). The caller has checked the host
// (vault_hosts.hpp).
#pragma once

#include <string>

#include "leafseal/http.hpp"

namespace leafseal {

struct VaultRequest {
  std::string method;   // GET or PUT
  std::string address;  // https://vault.example.com:8200
  std::string path;     // below /v1/, not percent-encoded: "transit/encrypt/key"
  std::string body;     // JSON, or empty
  bool by_agent = true;    // VAULT_AGENT_ADDR is used in the place of the address
  bool token_file = true;  // without VAULT_TOKEN, ~/.vault-token
};

// The answer of a server that did as it was asked, or that says 404 to a GET. Throws Error{generic} with the server's
// reasons in the reference's form ("Error making API request. ..."), HttpError, or what a variable is wrong with.
HttpResponse send_to_vault(const VaultRequest& request, const Environment& environment);

}  // namespace leafseal
