// Requests to the metadata service of a cloud's machine, container or cluster, which credential chains ask last. It is
// on the machine or its host, so it answers at once or is not there: one try of a second, no proxy (security.md N7).
#pragma once

#include <string>

#include "leafseal/http.hpp"

namespace leafseal {

HttpRequest metadata_request(std::string method, std::string url);

}  // namespace leafseal
