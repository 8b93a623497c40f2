// The process's access to Huawei Cloud: credentials are looked for once and kept until shortly before they expire, and
// the project of each region is asked for once, so many files that share a key cost one login. Safe to use from several
// threads.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "recipients/huawei_credentials.hpp"

namespace leafseal {

class HuaweiAccess {
 public:
  // `environment` must outlive it. Nothing is read before the first use.
  explicit HuaweiAccess(const Environment& environment) : environment_(environment) {}

  // Credentials with the project that they have in that region. Throws Error{generic} and HttpError.
  HuaweiCredentials credentials(const std::string& region);

 private:
  std::string project_in(const std::string& region);  // the mutex is held

  const Environment& environment_;
  std::mutex mutex_;
  std::optional<HuaweiCredentials> kept_;
  std::map<std::string, std::string> projects_;  // by region
};

}  // namespace leafseal
