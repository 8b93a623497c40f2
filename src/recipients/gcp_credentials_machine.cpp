#include "recipients/gcp_credentials_machine.hpp"

#include "base/time.hpp"
#include "leafseal/error.hpp"
#include "net/json_fields.hpp"
#include "net/metadata_host.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

class MachineSource final : public GcpTokenSource {
 public:
  explicit MachineSource(const Environment& environment) : environment_(environment) {}

  GcpToken token(const std::string& scope) const override {
    const std::string host = environment_.variable("GCE_METADATA_HOST").value_or("169.254.169.254");
    HttpRequest request = metadata_request(
        "GET", "http://" + host +
                   "/computeMetadata/v1/instance/service-accounts/default/token?scopes=" + percent_encode(scope));
    request.headers = {{"Metadata-Flavor", "Google"}};
    const HttpResponse response = http(environment_).send(request, environment_);
    // Other clouds have a metadata service at the same address.
    if (response.header("metadata-flavor") != "Google") {
      throw HttpError(HttpFault::broken, quoted(host) + " is no metadata server of Google's");
    }
    const JsonFields fields = JsonFields::parse(response.body);
    const auto value = fields.text({"access_token"});
    const auto seconds = fields.number({"expires_in"});
    if (response.ok() && value && !value->empty()) {
      return {*value, seconds ? std::optional(now_of(environment_) + *seconds) : std::nullopt};
    }
    const std::string why = response.status == 404 ? ": this machine has no service account"
                            : response.ok()        ? ", without a token"
                                                   : "";
    throw Error(ExitCode::generic,
                "credentials: cannot fetch token: the metadata server answers with status " +
                    std::to_string(response.status) + why,
                {"give the machine a service account, or name credentials in GOOGLE_APPLICATION_CREDENTIALS"});
  }

 private:
  const Environment& environment_;
};

}  // namespace

std::unique_ptr<const GcpTokenSource> gcp_machine_credentials(const Environment& environment) {
  return std::make_unique<MachineSource>(environment);
}

}  // namespace leafseal
