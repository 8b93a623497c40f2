// Credentials for Huawei Cloud, from the places where Huawei's SDK looks for them, in its order (spec: recipients.md 9):
// variables, the credentials file, the agency of an ECS instance, the identity of a pod.
#pragma once

#include <ctime>
#include <optional>
#include <string>

#include "leafseal/environment.hpp"
#include "net/huawei_signer.hpp"

namespace leafseal {

struct HuaweiCredentials {
  HuaweiKeys keys;
  std::string project_id;             // of the same source, or empty
  std::string iam_endpoint;           // likewise
  std::optional<std::time_t> expires;  // none: not known to
};

// Throws Error{generic} "unable to get credential in providers: ..." with what each source said, and what a login with
// an identity token ends with.
HuaweiCredentials find_huawei_credentials(const Environment& environment);

}  // namespace leafseal
