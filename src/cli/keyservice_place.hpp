// Where a key service may listen (security.md N5). The protocol has no authentication: whoever can connect can use the
// keys. So only what is on this machine is listened at without --allow-remote, and what is not this user's alone is said
// or, under strict, refused.
#pragma once

#include "leafseal/environment.hpp"
#include "net/endpoint.hpp"

namespace leafseal::cli {

// Throws Error{generic}, and Error{strict_refusal}.
void check_service_place(const Environment& environment, const Endpoint& endpoint, bool remote_allowed);

// A unix socket's other end must be of this user or root; another one is named once.
bool is_own_peer(const Environment& environment, int socket);

}  // namespace leafseal::cli
