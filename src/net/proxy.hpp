// The proxy for a request, as Go's programs choose it from the variables (the reference is one): HTTPS_PROXY or
// HTTP_PROXY by the target's scheme, in capitals before lower case, and no proxy for loopback and what NO_PROXY names.
#pragma once

#include <string>

#include "leafseal/environment.hpp"
#include "net/url.hpp"

namespace leafseal {

// Its URL, with the scheme; empty when the target is to be reached directly.
std::string proxy_for(const Url& target, const Environment& environment);

// The same without user and password, for messages.
std::string shown_proxy(const std::string& proxy);
// `text` with "..." where it quotes the user or password of `proxy`.
std::string without_user(std::string text, const std::string& proxy);

}  // namespace leafseal
