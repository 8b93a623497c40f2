#include "recipients/gcp_access.hpp"

#include "base/time.hpp"

namespace leafseal {
namespace {

// A token that expires while a request is under way is no use.
constexpr std::time_t expiry_window = 60;

}  // namespace

GcpToken GcpAccess::token(const std::string& scope) {
  const std::lock_guard lock(mutex_);
  const auto kept = kept_.find(scope);
  if (kept == kept_.end()) return fresh(scope);
  const std::optional<std::time_t>& expires = kept->second.expires;
  return expires && *expires - now_of(environment_) <= expiry_window ? fresh(scope) : kept->second;
}

std::optional<GcpToken> GcpAccess::token_after(const GcpToken& refused, const std::string& scope) {
  const std::lock_guard lock(mutex_);
  const auto kept = kept_.find(scope);
  if (kept != kept_.end() && kept->second.value != refused.value) return kept->second;  // another thread was faster
  if (!credentials().source->renews()) return std::nullopt;
  return fresh(scope);
}

std::string GcpAccess::universe() {
  const std::lock_guard lock(mutex_);
  return credentials().universe;
}

std::string GcpAccess::quota_project() {
  const std::lock_guard lock(mutex_);
  return credentials().quota_project;
}

std::string GcpAccess::renewal() {
  const std::lock_guard lock(mutex_);
  return credentials().renewal;
}

const GcpCredentials& GcpAccess::credentials() {
  if (!credentials_) credentials_ = find_gcp_credentials(chain_, environment_);
  return *credentials_;
}

GcpToken GcpAccess::fresh(const std::string& scope) {
  GcpToken token = credentials().source->token(scope);
  kept_[scope] = token;
  return token;
}

}  // namespace leafseal
