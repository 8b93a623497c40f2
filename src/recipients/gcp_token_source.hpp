// Where access tokens for Google Cloud come from: one class a kind of credentials, each in a file of its own
// (gcp_credentials_*.cpp; spec: recipients.md 6; Google's "Application Default Credentials"). Tokens are ordinary
// strings: they end in headers, and every freed heap block is wiped.
#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace leafseal {

struct GcpToken {
  std::string value;
  std::optional<std::time_t> expires;  // none: nobody said
};

class GcpTokenSource {
 public:
  virtual ~GcpTokenSource() = default;
  // A new token that is good for `scope`, which is a URL. Asks the service of the kind of credentials. Throws
  // Error{generic} with its reason, and HttpError.
  virtual GcpToken token(const std::string& scope) const = 0;
  // False: asking again would give the same token.
  virtual bool renews() const { return true; }
};

struct GcpCredentials {
  std::unique_ptr<const GcpTokenSource> source;
  std::string universe;       // the cloud that they are for, "googleapis.com"; empty: they do not tell
  std::string quota_project;  // who is billed for requests, where that is another than the key's; or empty
  std::string renewal;        // what a person does when they are refused, for a hint
};

}  // namespace leafseal
