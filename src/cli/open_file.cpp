#include "cli/open_file.hpp"

#include "cli/stores.hpp"

#include "leafseal/key_groups.hpp"
#include "recipients/registry.hpp"

namespace leafseal::cli {
namespace {

// --enable-local-keyservice=false: nobody is asked, and every recipient fails without a reason.
class NoRecipients final : public RecipientRegistry {
  class Silent final : public Recipient {
    std::string wrap(const SecretBytes&) const override {
      throw Error(ExitCode::generic, "no key services provided, cannot update master keys");
    }
    UnwrapResult unwrap(std::string_view) const override { return UnwrapFailure{}; }
  };
  std::unique_ptr<Recipient> make(const RecipientEntry&) const override { return std::make_unique<Silent>(); }
};

bool local_service(const CommandLine& line) {
  return !line.options.given("enable-local-keyservice") || line.options.on("enable-local-keyservice");
}

Error with_service_hint(Error error, const CommandLine& line) {
  if (!line.options.list("keyservice").empty()) error.hint("remote key services are not part of this release");
  return error;
}

}  // namespace

SecretBytes recover_data_key(const Environment& environment, const CommandLine& line, const KeyGroups& keys) {
  const bool ordered = line.options.declares("decryption-order");
  const auto order = DecryptionOrder::parse(ordered ? line.options.text("decryption-order").value_or("") : "");
  try {
    if (!local_service(line)) return recover(keys, order, NoRecipients());
    return recover(keys, order, LocalRecipients(environment));
  } catch (const Error& error) {
    throw with_service_hint(error, line);
  }
}

void wrap_data_key(const Environment& environment, const CommandLine& line, KeyGroups& keys, const SecretBytes& key) {
  if (!local_service(line)) {
    throw with_service_hint(Error(ExitCode::generic, "Could not generate data key: [no key services provided, cannot "
                                                     "update master keys]"),
                            line);
  }
  try {
    wrap_all(keys, key, LocalRecipients(environment));
  } catch (const Error& error) {
    throw with_service_hint(error, line);
  }
}

FileContent read_input(const Environment& environment, const Input& input, Purpose purpose) {
  if (input.from_stdin) return {environment.read_in(), {}};
  if (purpose == Purpose::replacing) return read_file_to_replace(input.path);
  return {read_file(input.path), {}};
}

OpenedFile open_file(const Environment& environment, const CommandLine& line, const Input& input, const Format& format,
                     Purpose purpose) {
  FileContent content = read_input(environment, input, purpose);
  Document sealed = parse_sealed(format, std::move(content.text), input.path);
  Metadata metadata = read_metadata(sealed);
  check_version(metadata);
  LeafCipher cipher(recover_data_key(environment, line, metadata.keys));
  OpenOptions options;
  options.ignore_mac = line.options.declares("ignore-mac") && line.options.on("ignore-mac");
  options.strict = environment.strict;
  options.warn = warnings_of(environment);
  try {
    OpenedDocument opened = open_document(std::move(sealed), metadata, cipher, options);
    return {std::move(content.state), std::move(cipher), std::move(opened)};
  } catch (const Error& error) {
    throw in_file(error, error.code(), "", input.path);
  }
}

}  // namespace leafseal::cli
