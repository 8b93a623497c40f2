// The process's access to Google Cloud: credentials are looked for once, and a token for each scope is asked for once
// and kept until a minute before it expires, so many files that share a key cost one login. Safe to use from several
// threads. Key Management and Cloud Storage are both asked through it:
//
//   GcpAccess access(environment, GcpChain::standard);
//   HttpRequest request;
//   request.method = "POST";
//   request.url = "https://storage.googleapis.com/upload/storage/v1/b/BUCKET/o?uploadType=media&name=NAME";
//   const HttpResponse done =
//       send_to_gcp(request, "https://www.googleapis.com/auth/devstorage.read_write", access, environment);
//
// (send_to_gcp is in gcp_client.hpp; it throws the service's reason where the answer is no success.)
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "leafseal/environment.hpp"
#include "recipients/gcp_credentials.hpp"

namespace leafseal {

class GcpAccess {
 public:
  // `environment` must outlive it. Nothing is read before the first use.
  explicit GcpAccess(const Environment& environment, GcpChain chain = GcpChain::sops)
      : environment_(environment), chain_(chain) {}

  // A token for `scope`, kept or new. Throws Error{generic}: what is wrong with the credentials that are configured,
  // or, when there are none, where they were looked for; and HttpError.
  GcpToken token(const std::string& scope);
  // Another token in place of one that a service did not take; nothing when there is no other.
  std::optional<GcpToken> token_after(const GcpToken& refused, const std::string& scope);

  // Of the credentials (gcp_token_source.hpp). They throw as token() does.
  std::string universe();
  std::string quota_project();
  std::string renewal();

 private:
  const GcpCredentials& credentials();  // the mutex is held
  GcpToken fresh(const std::string& scope);

  const Environment& environment_;
  const GcpChain chain_;
  std::mutex mutex_;
  std::optional<GcpCredentials> credentials_;
  std::map<std::string, GcpToken> kept_;  // by scope
};

}  // namespace leafseal
