#include "cli/key_services.hpp"

#include "recipients/remote_recipients.hpp"

namespace leafseal::cli {
namespace {

bool local_service(const Options& options) {
  return !options.given("enable-local-keyservice") || options.on("enable-local-keyservice");
}

ServiceChain services(const Environment& environment, const Options& options) {
  ServiceChain chain;
  if (local_service(options)) chain.add(std::make_unique<LocalRecipients>(environment));
  for (const std::string& text : options.list("keyservice")) {
    if (auto endpoint = parse_service_address(text)) {
      chain.add(std::make_unique<RemoteRecipients>(*std::move(endpoint), environment));
    } else {
      environment.warn_once("--keyservice " + quoted(text) +
                            " is left out: it is no address like unix:///path or tcp://host:port");
    }
  }
  return chain;
}

}  // namespace

KeyServices::KeyServices(const Environment& environment, const CommandLine& line)
    : options_(line.options), services_(services(environment, line.options)), cache_(services_) {}

DecryptionOrder KeyServices::order() const {
  const bool ordered = options_.declares("decryption-order");
  return DecryptionOrder::parse(ordered ? options_.text("decryption-order").value_or("") : "");
}

void KeyServices::require(std::string_view phrase) const {
  if (!services_.empty()) return;
  throw Error(ExitCode::generic, std::string(phrase) + "[no key services provided, cannot update master keys]",
              {"leave --enable-local-keyservice as it is, or name another service with --keyservice"});
}

}  // namespace leafseal::cli
