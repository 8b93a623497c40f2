// The process's access to AWS: configuration files are read once, credentials are asked for once and kept until shortly
// before they expire, so many files that share a key cost one login. Safe to use from several threads.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "recipients/aws_credentials.hpp"

namespace leafseal {

class AwsAccess {
 public:
  // `environment` must outlive it. Nothing is read before the first use.
  explicit AwsAccess(const Environment& environment) : environment_(environment) {}

  AwsProfile profile(const std::string& named);  // AwsProfile::select, with its errors
  // `role`: an ARN to take on with the profile's credentials, or empty.
  AwsKeys keys(const AwsProfile& profile, const std::string& region, const std::string& role);

 private:
  // The mutex is held. `name`: of the profile and how it was chosen.
  AwsKeys fresh(const std::string& name, const AwsProfile& profile, const std::string& region, const std::string& role);
  AwsCredentials with_role(const std::string& role, const std::string& name, const AwsProfile& profile,
                           const std::string& region);

  const Environment& environment_;
  std::mutex mutex_;
  std::shared_ptr<const AwsSections> files_;
  std::map<std::string, AwsCredentials> kept_;
};

}  // namespace leafseal
