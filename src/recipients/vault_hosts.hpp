// Which Vault servers get the user's token, and on sealing the data key in plain text (security.md N1). Addresses come
// from documents and repository configs, which are untrusted; what the user's environment names is trusted.
#pragma once

#include <string>

#include "leafseal/environment.hpp"

namespace leafseal {

// SOPS_HC_VAULT_ALLOWLIST with the reference's meaning: throws Error{generic} "Allowlist does not allow ADDRESS".
// Without the variable, or with `all`, an address that is not VAULT_ADDR's host, or that is http and not on loopback,
// is named in one warning; under strict it is refused with Error{strict_refusal}.
void check_vault_host(const std::string& address, const Environment& environment);

}  // namespace leafseal
