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

// VAULT_ADDR, or the address that Vault's own client has without it.
std::string users_vault_address(const Environment& environment);

// The same for a server that `publish` stores values on, which gets them in plain text. The reference asks no allow list
// here, so none refuses: an address that is neither listed nor VAULT_ADDR's host is named in one warning; under strict
// it is refused.
void check_vault_destination(const std::string& address, const Environment& environment);

}  // namespace leafseal
