#include "recipients/huawei_client.hpp"

#include <vector>

#include "leafseal/error.hpp"
#include "net/json_fields.hpp"

namespace leafseal {
namespace {

struct Refusal {
  std::string code;  // "KMS.2103", or empty
  std::string reason;
};

// KMS and the gateway: error_code and error_msg; others code and message, at the top or in an object called error.
Refusal refusal_of(const HttpResponse& response) {
  const JsonFields top = JsonFields::parse(response.body);
  for (const JsonFields& fields : {top, top.object({"error"})}) {
    for (const auto& [code, reason] : {std::pair{"error_code", "error_msg"}, std::pair{"code", "message"}}) {
      if (const auto text = fields.text({reason}); text && !text->empty()) {
        const auto number = fields.number({code});
        return {fields.text({code}).value_or(number ? std::to_string(*number) : ""), *text};
      }
    }
  }
  return {"", response.body};
}

std::string hint_for(int status, const Refusal& refusal) {
  if (refusal.code == "KMS.2116") return "the data key was wrapped by another key than the entry names";
  if (refusal.reason.find("security token") != std::string::npos) {
    return "temporary keys go with their HUAWEICLOUD_SDK_SECURITY_TOKEN, and expire";
  }
  switch (status) {
    case 401: return "look at the access key, its secret key, and the clock of this machine";
    case 403: return "these credentials may not do this: look at the policies of the identity, and at the project id";
    case 404: return "look at the key id: its region, its UUID";
    case 429: return "the quota is used up: wait";
    default: return "";
  }
}

}  // namespace

HttpResponse send_to_huawei(const HttpRequest& request, const Environment& environment) {
  HttpResponse response = http(environment).send(request, environment);
  if (response.ok()) return response;
  const Refusal refusal = refusal_of(response);
  std::string text = "status " + std::to_string(response.status);
  if (!refusal.code.empty()) text += ", " + quoted(refusal.code);
  text += ": " + quoted(refusal.reason, 1000);
  if (const std::string id = response.header("x-request-id"); !id.empty()) text += " (request " + quoted(id) + ")";
  const std::string hint = hint_for(response.status, refusal);
  throw Error(ExitCode::generic, text, hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
}

}  // namespace leafseal
