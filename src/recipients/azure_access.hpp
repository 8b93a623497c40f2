// The process's access to Azure: tokens are asked for once and kept until shortly before they expire, what a vault said
// about who may use it is remembered, and so is the newest version of a key; so many files that share a key cost one
// login. Safe to use from several threads.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "recipients/azure_credentials.hpp"

namespace leafseal {

class AzureAccess {
 public:
  // `environment` must outlive it. Nothing is read before the first use.
  explicit AzureAccess(const Environment& environment) : environment_(environment) {}

  // The token for what is asked. Throws as find_azure_token.
  std::string token(const AzureTokenRequest& asked);
  void forget_token(const AzureTokenRequest& asked, const std::string& token);  // a vault did not take it

  // What the vault at an origin wants, if it has said so.
  std::optional<AzureTokenRequest> known_challenge(const std::string& origin);
  void learn_challenge(const std::string& origin, const AzureTokenRequest& asked);

  // The newest version of a key, which `ask` finds out when nobody has before; other threads wait for it then.
  std::string version(const std::string& key, const std::function<std::string()>& ask);

 private:
  const Environment& environment_;
  std::mutex mutex_;
  int source_ = -1;  // of the chain, the one that gave a token
  std::map<std::string, AzureToken> tokens_;
  std::map<std::string, AzureTokenRequest> challenges_;
  std::mutex versions_mutex_;
  std::map<std::string, std::string> versions_;
};

}  // namespace leafseal
