// Access tokens for Azure, and what a source of them is asked for (spec: recipients.md 7). A source that is not there -
// a variable that is not set, a program that is not installed - throws AzureUnavailable, and the chain goes on to the
// next one. A source that is there and is refused throws Error{generic}, which ends the chain: what is meant must not
// be replaced by what is merely at hand.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "leafseal/environment.hpp"
#include "leafseal/error.hpp"

namespace leafseal {

struct AzureToken {
  std::string text;
  std::time_t expires = 0;  // seconds since 1970
};

struct AzureTokenRequest {
  std::string resource;  // "https://vault.azure.net": who takes the token
  std::string tenant;    // the vault's own, as it says; empty: it does not say

  std::string scope() const { return resource + "/.default"; }
};

class AzureUnavailable : public Error {
 public:
  explicit AzureUnavailable(std::string message) : Error(ExitCode::generic, std::move(message)) {}
};

std::time_t azure_now(const Environment& environment);  // by its clock, else the system's

// "2026-01-01T00:00:00Z"; seconds since 1970. Nothing for other texts.
std::optional<std::time_t> parse_utc_seconds(std::string_view text);

// [A-Za-z0-9.-]+: a tenant before it becomes part of a path or an argument.
bool is_azure_tenant(std::string_view text);

}  // namespace leafseal
