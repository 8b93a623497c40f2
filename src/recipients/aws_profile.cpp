#include "recipients/aws_profile.hpp"

#include <utility>

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

const AwsSection* find(const AwsSections& files, const std::string& name) {
  const auto found = files.find(name);
  return found == files.end() ? nullptr : &found->second;
}

void check(const AwsSection& section, const std::string& name) {
  if (section.partial_keys.empty()) return;
  throw Error(ExitCode::generic,
              "could not load AWS config: error fetching config from profile, " + quoted(name) +
                  ", partial credentials found for profile " + quoted(name),
              {"write both aws_access_key_id and aws_secret_access_key in " + quoted(section.partial_keys)});
}

}  // namespace

AwsProfile AwsProfile::select(const std::string& named, std::shared_ptr<const AwsSections> files,
                              const Environment& environment) {
  AwsProfile profile;
  profile.named_by_key_ = !named.empty();
  const std::string chosen =
      named.empty()
          ? environment.variable("AWS_PROFILE").value_or(environment.variable("AWS_DEFAULT_PROFILE").value_or(""))
          : named;
  profile.name_ = chosen.empty() ? "default" : chosen;
  profile.files_ = std::move(files);
  profile.section_ = find(*profile.files_, profile.name_);
  if (profile.section_ == nullptr && !chosen.empty()) {
    throw Error(
        ExitCode::generic, "could not load AWS config: failed to get shared config profile, " + quoted(chosen),
        {"write [profile " + quoted(chosen) + "] in ~/.aws/config, or [" + quoted(chosen) + "] in ~/.aws/credentials"});
  }
  if (profile.section_ != nullptr) check(*profile.section_, profile.name_);
  return profile;
}

AwsProfile AwsProfile::other(const std::string& name) const {
  AwsProfile profile = *this;
  profile.name_ = name;
  profile.section_ = find(*files_, name);
  if (profile.section_ == nullptr) {
    throw Error(ExitCode::generic, "could not load AWS config: failed to load assume role " +
                                       quoted(value("role_arn")) + ", of profile " + quoted(name) +
                                       ", failed to get shared config profile, " + quoted(name));
  }
  check(*profile.section_, name);
  return profile;
}

bool AwsProfile::may_ask() const {
  const AwsSection* section = section_;
  for (int hops = 0; section != nullptr && hops < 5; ++hops) {  // profiles may name each other in a circle
    if (!section->value("mfa_serial").empty() || !section->value("credential_process").empty()) return true;
    section = find(*files_, section->value("source_profile"));
  }
  return false;
}

const AwsSection* AwsProfile::section(const std::string& name) const { return find(*files_, name); }

std::string AwsProfile::service_value(const std::string& service, const std::string& key) const {
  const std::string name = value("services");
  const AwsSection* services = name.empty() ? nullptr : section("services " + name);
  if (services == nullptr) return "";
  const auto found = services->nested.find(service);
  if (found == services->nested.end()) return "";
  const auto member = found->second.find(key);
  return member == found->second.end() ? "" : member->second;
}

}  // namespace leafseal
