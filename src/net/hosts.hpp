// Which hosts may get credentials (security.md 5). A document and a repository's config are untrusted, so what they
// name is checked before it becomes part of a host name, and hosts are compared by whole labels.
#pragma once

#include <string_view>

namespace leafseal {

// [a-z0-9-]{1,40}: all that a region may be before it becomes part of a host name (N3).
bool is_region(std::string_view text);

// The domain itself or a name under it: "a.vault.azure.net" is under "vault.azure.net", "evilvault.azure.net" is not.
bool is_under_domain(std::string_view host, std::string_view domain);

// localhost, 127.0.0.0/8 or ::1, as the part `host` of a Url. No name is looked up.
bool is_loopback(std::string_view host);

}  // namespace leafseal
