// Temporary keys for Huawei Cloud, which a service gives out: IAM for an identity token, the metadata service of an ECS
// instance for its agency, the agent of a cluster for a pod's token.
#pragma once

#include <string>

#include "leafseal/error.hpp"
#include "recipients/huawei_credentials.hpp"

namespace leafseal {

// A source that has no credentials: the next one is asked.
class NoHuaweiCredentials : public Error {
 public:
  explicit NoHuaweiCredentials(std::string message) : Error(ExitCode::generic, std::move(message)) {}
};

// Fills in the keys. Throws Error{generic} with IAM's reason: who configured a token means no other source.
void log_in_with_id_token(HuaweiCredentials& credentials, const std::string& provider, const std::string& token_file,
                          const Environment& environment);

// Both throw NoHuaweiCredentials. The first asks the link-local address for a second at most (security.md N7).
HuaweiCredentials huawei_instance_credentials(const Environment& environment);
HuaweiCredentials huawei_pod_credentials(const Environment& environment);

}  // namespace leafseal
