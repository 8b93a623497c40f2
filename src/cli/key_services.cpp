#include "cli/key_services.hpp"

#include <stdexcept>

namespace leafseal::cli {
namespace {

// --enable-local-keyservice=false: nobody is asked, and every recipient fails without a reason.
class NoRecipients final : public RecipientRegistry {
  class Silent final : public Recipient {
    std::string wrap(const SecretBytes&) const override { throw std::logic_error("wrapping without a key service"); }
    UnwrapResult unwrap(std::string_view) const override { return UnwrapFailure{}; }
  };
  std::unique_ptr<Recipient> make(const RecipientEntry&) const override { return std::make_unique<Silent>(); }
};

bool local_service(const Options& options) {
  return !options.given("enable-local-keyservice") || options.on("enable-local-keyservice");
}

std::unique_ptr<RecipientRegistry> services(const Environment& environment, const Options& options) {
  if (local_service(options)) return std::make_unique<LocalRecipients>(environment);
  return std::make_unique<NoRecipients>();
}

}  // namespace

KeyServices::KeyServices(const Environment& environment, const CommandLine& line)
    : options_(line.options), services_(services(environment, line.options)), cache_(*services_) {}

DecryptionOrder KeyServices::order() const {
  const bool ordered = options_.declares("decryption-order");
  return DecryptionOrder::parse(ordered ? options_.text("decryption-order").value_or("") : "");
}

void KeyServices::require(std::string_view phrase) const {
  if (local_service(options_)) return;
  Error error(ExitCode::generic, std::string(phrase) + "[no key services provided, cannot update master keys]");
  add_hint(error);
  throw error;
}

void KeyServices::add_hint(Error& error) const {
  if (!options_.list("keyservice").empty()) error.hint("remote key services are not part of this release");
}

}  // namespace leafseal::cli
