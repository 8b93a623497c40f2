// encrypt: seals a plain file for the recipients of its rule (spec: cli.md 3.1; order of checks included).
#include <algorithm>

#include "base/random.hpp"
#include "base/time.hpp"
#include "cli/already_encrypted.hpp"
#include "cli/audit.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/new_metadata.hpp"
#include "cli/open_file.hpp"
#include "cli/output.hpp"
#include "cli/reuse.hpp"
#include "cli/stores.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {
namespace {

Input checked_input(const Environment& environment, const CommandLine& line) {
  Input input = choose_input(environment, line, !line.legacy);
  check_output_flags(line, input);
  if (input.from_stdin && input.name.empty()) {
    throw Error(ExitCode::conflicting_parameters, "must specify --filename-override when reading from stdin",
                {"the name chooses the creation rule and the format"});
  }
  require_existing(input);
  return input;
}

// In another type the document is written canonically; what is sealed is that text.
Document converted(Document plain, const Format& input, const Stores& stores) {
  if (auto expanded = input.expand_aliases(plain)) plain = input.parse(std::move(*expanded), ParseMode::plain);
  try {
    return stores.output->parse(stores.output->emit(plain, stores.emit), ParseMode::plain);
  } catch (const Error& error) {
    throw error.under(error.code(), "Could not marshal tree: ");
  }
}

void check_something_sealed(const Environment& environment, const SealedText& sealed) {
  if (sealed.sealed_leaves != 0 || sealed.plain_leaves == 0) return;
  const std::string text = "no value was encrypted: the selection leaves all " + std::to_string(sealed.plain_leaves) +
                           " values in clear";
  if (environment.strict) {
    throw Error(ExitCode::strict_refusal, text, {"look at the selectors of the creation rule, or leave out --strict"});
  }
  environment.warn_secrecy(text);
}

int run_encrypt(Environment& environment, const CommandLine& line) {
  const Input input = checked_input(environment, line);
  const std::optional<Config> config = read_config(environment, line);
  const Stores stores = choose_stores(line, input.name, config);
  Metadata metadata = new_metadata(environment, line, config, input.name, stores.input->id());

  std::optional<FileLock> lock;
  if (line.options.on("in-place")) lock.emplace(input.path);
  FileContent content = read_input(environment, input, lock ? Purpose::replacing : Purpose::reading);
  Document plain = parse_plain(*stores.input, std::move(content.text), input.path);
  if (stores.input != stores.output) plain = converted(std::move(plain), *stores.input, stores);
  refuse_encrypted(environment, *stores.output, plain);

  SealOptions options;
  options.now = format_utc(environment.clock());
  options.layout_records = !line.options.on("no-layout") && !(config && !config->layout_records);
  options.warn = warnings_of(environment);

  SealedText sealed;
  if (auto old = reusable(environment, line, *stores.output, metadata)) {
    options.previous = &old->opened;
    sealed = seal_document(*stores.output, std::move(plain), old->opened.metadata, old->cipher, options);
  } else {
    const SecretBytes key = random_secret(32);
    wrap_data_key(environment, line, metadata.keys, key);
    LeafCipher cipher(key);
    sealed = seal_document(*stores.output, std::move(plain), std::move(metadata), cipher, options);
  }
  check_something_sealed(environment, sealed);
  audit(environment, AuditedAction::encrypt, input.path);
  write_result(environment, line, input, sealed.text, Privacy::sealed, content.state);
  return 0;
}

constexpr auto flags = joined(output_flags, type_flags, recipient_flags, context_flag, selector_flags, key_service_flags, layout_flag,
                              reuse_flag, own_flags);

}  // namespace

constinit const Command encrypt_command = {
    "encrypt",
    "[FILE]",
    "encrypt a file for the recipients of its creation rule",
    "Encrypt in place, for the recipients that .sops.yaml names:\n"
    "    leafseal encrypt -i secrets.yaml\n"
    "Encrypt for one age recipient, into another file:\n"
    "    leafseal encrypt --age age1... --output secrets.enc.yaml secrets.yaml\n"
    "Encrypt what a program prints; the name chooses rule and format:\n"
    "    make-secrets | leafseal encrypt --filename-override prod/secrets.json > prod/secrets.json\n"
    "Encrypt again after a change; what did not change keeps its ciphertext:\n"
    "    leafseal encrypt --reuse secrets.enc.yaml --output secrets.enc.yaml secrets.yaml\n",
    flags,
    run_encrypt,
};

}  // namespace leafseal::cli
