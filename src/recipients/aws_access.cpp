#include "recipients/aws_access.hpp"

#include "leafseal/error.hpp"
#include "recipients/aws_role.hpp"
#include "recipients/aws_time.hpp"

namespace leafseal {
namespace {

// Credentials that expire while a request is under way are no use.
constexpr std::time_t expiry_window = 60;

}  // namespace

AwsProfile AwsAccess::profile(const std::string& named) {
  const std::lock_guard lock(mutex_);
  if (!files_) files_ = std::make_shared<const AwsSections>(read_aws_config_files(environment_));
  return AwsProfile::select(named, files_, environment_);
}

AwsKeys AwsAccess::keys(const AwsProfile& profile, const std::string& region, const std::string& role) {
  const std::lock_guard lock(mutex_);
  return fresh(profile.name() + (profile.named_by_key() ? "\n1" : "\n0"), profile, region, role);
}

AwsKeys AwsAccess::fresh(const std::string& name, const AwsProfile& profile, const std::string& region,
                         const std::string& role) {
  const std::string place = name + "\n" + role;
  const std::time_t now = now_of(environment_);
  const auto kept = kept_.find(place);
  if (kept != kept_.end() && (!kept->second.expires || *kept->second.expires - now > expiry_window)) {
    return kept->second.keys;
  }
  AwsCredentials found =
      role.empty() ? find_aws_credentials(profile, region, environment_) : with_role(role, name, profile, region);
  AwsKeys keys = found.keys;
  kept_[place] = std::move(found);
  return keys;
}

AwsCredentials AwsAccess::with_role(const std::string& role, const std::string& name, const AwsProfile& profile,
                                    const std::string& region) {
  try {
    const AwsKeys own = fresh(name, profile, region, "");
    AwsRole asked;
    asked.arn = role;
    asked.session_name = role_session_name();
    return assume_aws_role(asked, own, profile, region, environment_);
  } catch (const Error& error) {
    throw error.under(error.code(), "failed to assume role '" + quoted(role) + "': ");
  }
}

}  // namespace leafseal
