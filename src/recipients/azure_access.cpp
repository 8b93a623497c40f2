#include "recipients/azure_access.hpp"

namespace leafseal {
namespace {

// A token that expires while a request is under way is no use. Azure's SDKs ask anew at the same time.
constexpr std::time_t expiry_window = 300;

std::string place_of(const AzureTokenRequest& asked) { return asked.resource + "\n" + asked.tenant; }

}  // namespace

std::string AzureAccess::token(const AzureTokenRequest& asked) {
  const std::lock_guard lock(mutex_);
  const auto kept = tokens_.find(place_of(asked));
  if (kept != tokens_.end() && kept->second.expires - azure_now(environment_) > expiry_window) return kept->second.text;
  AzureToken& token = tokens_[place_of(asked)] = find_azure_token(asked, source_, environment_);
  return token.text;
}

void AzureAccess::forget_token(const AzureTokenRequest& asked, const std::string& token) {
  const std::lock_guard lock(mutex_);
  const auto kept = tokens_.find(place_of(asked));
  if (kept != tokens_.end() && kept->second.text == token) tokens_.erase(kept);  // and not one that came since
}

std::optional<AzureTokenRequest> AzureAccess::known_challenge(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  const auto at = challenges_.find(origin);
  return at == challenges_.end() ? std::nullopt : std::optional(at->second);
}

void AzureAccess::learn_challenge(const std::string& origin, const AzureTokenRequest& asked) {
  const std::lock_guard lock(mutex_);
  challenges_[origin] = asked;
}

std::string AzureAccess::version(const std::string& key, const std::function<std::string()>& ask) {
  const std::lock_guard lock(versions_mutex_);
  const auto known = versions_.find(key);
  return known != versions_.end() ? known->second : versions_[key] = ask();
}

}  // namespace leafseal
