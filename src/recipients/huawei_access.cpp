#include "recipients/huawei_access.hpp"

#include <vector>

#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"
#include "recipients/huawei_client.hpp"
#include "recipients/huawei_endpoint.hpp"

namespace leafseal {
namespace {

// Keys that expire while a request is under way are no use.
constexpr std::time_t expiry_window = 60;

}  // namespace

HuaweiCredentials HuaweiAccess::credentials(const std::string& region) {
  const std::lock_guard lock(mutex_);
  if (!kept_ || (kept_->expires && *kept_->expires - now_of(environment_) < expiry_window)) {
    kept_ = find_huawei_credentials(environment_);
  }
  HuaweiCredentials found = *kept_;
  if (!found.project_id.empty()) return found;
  std::string& project = projects_[region];
  if (project.empty()) project = project_in(region);
  found.project_id = project;
  return found;
}

std::string HuaweiAccess::project_in(const std::string& region) {
  HttpRequest request;
  request.url = huawei_iam_endpoint(kept_->iam_endpoint, region, environment_) + "/v3/projects?name=" + percent_encode(region);
  request.headers = {{"Content-Type", "application/json"}};
  sign_for_huawei(request, kept_->keys, now_of(environment_));
  const std::string failed = "failed to get project id of region '" + region + "' automatically: ";
  const char* const hint = "set HUAWEICLOUD_SDK_PROJECT_ID, or project_id in the credentials file";
  try {
    const JsonFields fields = JsonFields::parse(send_to_huawei(request, environment_).body);
    auto id = fields.text({"projects", "0", "id"});
    if (!id || id->empty()) throw Error(ExitCode::generic, "the account has no project there", {hint});
    if (const auto other = fields.text({"projects", "1", "id"})) {
      throw Error(ExitCode::generic, "multiple project ids found: [" + quoted(*id) + "," + quoted(*other) + ",...]", {hint});
    }
    return *std::move(id);
  } catch (const Error& error) {
    if (error.code() == ExitCode::strict_refusal) throw;
    throw error.under(ExitCode::generic, failed);
  }
}

}  // namespace leafseal
