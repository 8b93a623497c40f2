// Credentials for Google Cloud, from the first source of the chain that has some (spec: recipients.md 6). A source that
// is configured and fails is an error and ends the chain: what is meant must not be replaced by what is merely there.
// All of them are the user's own variables and files; no document and no repository names one.
#pragma once

#include "leafseal/environment.hpp"
#include "recipients/gcp_token_source.hpp"

namespace leafseal {

enum class GcpChain {
  // GOOGLE_CREDENTIALS (a file, or its content), GOOGLE_OAUTH_ACCESS_TOKEN, then as `standard`: as the reference finds
  // those for keys.
  sops,
  // GOOGLE_APPLICATION_CREDENTIALS, ~/.config/gcloud/application_default_credentials.json, the metadata server of the
  // machine: as all programs do that use Google's libraries, and the reference for publishing.
  standard,
};

// Asks no service yet. Throws Error{generic}: what is wrong with the source that is configured.
GcpCredentials find_gcp_credentials(GcpChain chain, const Environment& environment);

}  // namespace leafseal
