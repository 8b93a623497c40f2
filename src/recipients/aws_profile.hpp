// The profile that a request to AWS is made with: what the user's files say about it, and which one it is - the one
// that the key names (`aws_profile`), else AWS_PROFILE, else `default`.
#pragma once

#include <memory>
#include <string>

#include "leafseal/environment.hpp"
#include "recipients/aws_config_files.hpp"

namespace leafseal {

class AwsProfile {
 public:
  // `named`: by the key. Throws Error{generic} "could not load AWS config: failed to get shared config profile, NAME"
  // when a profile that the key or a variable names is in no file, or has half a pair of static keys.
  static AwsProfile select(const std::string& named, std::shared_ptr<const AwsSections> files,
                           const Environment& environment);
  // Another one of the same files, which must be there: source_profile.
  AwsProfile other(const std::string& name) const;

  const std::string& name() const { return name_; }
  bool named_by_key() const { return named_by_key_; }
  bool present() const { return section_ != nullptr; }
  std::string value(const std::string& key) const { return section_ == nullptr ? "" : section_->value(key); }
  // Its credentials may need a one-time code, or a program that may ask for something.
  bool may_ask() const;
  const AwsSection* section(const std::string& name) const;  // of the files, "sso-session X"; null if absent
  // Of [services X] that the profile points to, what is below `service`.
  std::string service_value(const std::string& service, const std::string& key) const;

 private:
  std::string name_;
  bool named_by_key_ = false;
  std::shared_ptr<const AwsSections> files_;
  const AwsSection* section_ = nullptr;  // in files_
};

}  // namespace leafseal
