// The proof of a workload on AWS: a request to AWS's STS, "who am I?", signed and not sent. Google sends it and learns
// the answer (Google, "Workload Identity Federation with AWS"). Keys and region come from AWS's own variables, else
// from the metadata service of the instance.
#pragma once

#include <string>

#include "recipients/gcp_subject_token.hpp"

namespace leafseal {

// `source`: the credential_source, whose environment_id is aws1. Throws Error{generic} for another version, or for an
// address that is no metadata service's.
void check_gcp_aws_source(const JsonFields& source, const std::string& origin);

std::string gcp_aws_subject_token(const JsonFields& source, const GcpAudience& audience,
                                  const Environment& environment);

}  // namespace leafseal
