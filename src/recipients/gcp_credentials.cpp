#include "recipients/gcp_credentials.hpp"

#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "recipients/gcp_credentials_json.hpp"
#include "recipients/gcp_credentials_machine.hpp"

namespace leafseal {
namespace {

constexpr std::size_t most = std::size_t{1} << 20;

GcpCredentials of_file(const std::string& path, const std::string& origin, const Environment& environment) {
  std::string text;
  try {
    text = read_file(path, most);
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, "credentials: " + origin + ": ")
        .hint("name a file of credentials that is there and that you can read");
  }
  return gcp_credentials_of_json(text, origin, environment);
}

// GOOGLE_OAUTH_ACCESS_TOKEN, as `gcloud auth print-access-token` prints one.
class GivenToken final : public GcpTokenSource {
 public:
  explicit GivenToken(std::string value) : value_(std::move(value)) {}
  GcpToken token(const std::string&) const override { return {value_, std::nullopt}; }
  bool renews() const override { return false; }

 private:
  std::string value_;
};

// The machine's own, the last source: where there is no such service, there are no credentials at all.
class LastSource final : public GcpTokenSource {
 public:
  LastSource(std::string tried, const Environment& environment)
      : machine_(gcp_machine_credentials(environment)), tried_(std::move(tried)) {}

  GcpToken token(const std::string& scope) const override {
    try {
      return machine_->token(scope);
    } catch (const HttpError& error) {
      throw Error(
          ExitCode::generic,
          "credentials: could not find default credentials: " + tried_ + "; metadata server: " + error.what(),
          {"log in with `gcloud auth application-default login`, or name a file in GOOGLE_APPLICATION_CREDENTIALS"});
    }
  }

 private:
  std::unique_ptr<const GcpTokenSource> machine_;
  std::string tried_;
};

}  // namespace

GcpCredentials find_gcp_credentials(GcpChain chain, const Environment& environment) {
  std::string tried;
  if (chain == GcpChain::sops) {
    if (const auto value = environment.variable("GOOGLE_CREDENTIALS")) {
      return file_exists(*value) ? of_file(*value, "GOOGLE_CREDENTIALS", environment)
                                 : gcp_credentials_of_json(*value, "GOOGLE_CREDENTIALS", environment);
    }
    if (auto token = environment.variable("GOOGLE_OAUTH_ACCESS_TOKEN")) {
      return {std::make_unique<GivenToken>(*std::move(token)), "", quota_project_of_environment(environment),
              "get a new token: export GOOGLE_OAUTH_ACCESS_TOKEN=\"$(gcloud auth print-access-token)\""};
    }
    tried = "no GOOGLE_CREDENTIALS, no GOOGLE_OAUTH_ACCESS_TOKEN, ";
  }
  if (const auto path = environment.variable("GOOGLE_APPLICATION_CREDENTIALS")) {
    return of_file(*path, "GOOGLE_APPLICATION_CREDENTIALS", environment);
  }
  tried += "no GOOGLE_APPLICATION_CREDENTIALS, no file ~/.config/gcloud/application_default_credentials.json";
  const std::string kept_by_gcloud = environment.home() + "/.config/gcloud/application_default_credentials.json";
  if (!environment.home().empty() && file_exists(kept_by_gcloud)) {
    return of_file(kept_by_gcloud, "~/.config/gcloud/application_default_credentials.json", environment);
  }
  return {std::make_unique<LastSource>(tried, environment), "", quota_project_of_environment(environment),
          "look at the service account of this machine"};
}

}  // namespace leafseal
