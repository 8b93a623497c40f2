// Where Huawei Cloud is asked: its own host of a region, or what the user's variables and files configure (spec:
// recipients.md 9). A document names a region and nothing else, and the region is checked before it becomes part of a
// host (security.md N3).
#pragma once

#include <string>
#include <vector>

#include "leafseal/environment.hpp"

namespace leafseal {

// URLs without a slash at their end, several where the user's variable names several: the next one is for a host that
// has no address or no good certificate. Throws Error{generic} "invalid region ..." for a region that is none or not
// known, and for a configured address that is none; Error{strict_refusal} for one without TLS that is not on this
// machine, of which otherwise a warning is given.
std::vector<std::string> huawei_kms_endpoints(const std::string& region, const Environment& environment);

// Of Identity and Access Management. `configured`: by the user's credentials, or empty. `region` empty: the global one.
std::string huawei_iam_endpoint(const std::string& configured, const std::string& region,
                                const Environment& environment);

}  // namespace leafseal
