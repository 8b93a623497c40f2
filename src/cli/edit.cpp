// edit: the decrypted text in the user's editor, sealed again under the same key (spec: cli.md 3.3).
#include <unistd.h>

#include "base/file.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "cli/already_encrypted.hpp"
#include "cli/audit.hpp"
#include "cli/command.hpp"
#include "cli/creation_rule_check.hpp"
#include "cli/editor_session.hpp"
#include "cli/example_content.hpp"
#include "cli/flags.hpp"
#include "cli/kept_edit.hpp"
#include "cli/metadata_view.hpp"
#include "cli/new_metadata.hpp"
#include "cli/open_file.hpp"
#include "cli/output.hpp"
#include "cli/stores.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {
namespace {

// What is edited: an opened file, or a new one.
struct Subject {
  std::string path;
  const Format& format;
  FileState state;
  Metadata metadata;  // as it will be written
  LeafCipher cipher;
  std::optional<OpenedDocument> previous;
  std::string text;  // as the editor shows it
};

// What would only show when the edit is done, and then cost the user the work.
void check_writable(const std::string& path) {
  const std::string what = file_exists(path) ? path : parent_directory(path);
  if (::access(what.c_str(), W_OK) == 0) return;
  const bool missing = !file_exists(what);
  throw Error(ExitCode::could_not_write_output, "Could not open in-place file for writing: open " + path + ": " +
                                                    (missing ? "no such file or directory" : "permission denied"));
}

// Only edit raises a file's version, and never lowers it.
std::string raised(const std::string& version) {
  const auto numbers = [](std::string_view text) {
    std::array<unsigned long, 3> parts{};
    std::string rest(text);
    const char* at = rest.c_str();
    for (unsigned long& part : parts) {
      char* end = nullptr;
      part = std::strtoul(at, &end, 10);
      at = *end == '.' ? end + 1 : end;
    }
    return parts;
  };
  return numbers(version) < numbers(format_level) ? std::string(format_level) : version;
}

Subject existing_file(const Environment& environment, const CommandLine& line, const Input& input, const Stores& stores) {
  OpenedFile file = open_file(environment, line, input, *stores.input, Purpose::resealing);
  Metadata metadata = file.opened.metadata;
  metadata.version = raised(metadata.version);
  std::string text = plain_text(*stores.input, file.opened, file.cipher, warnings_of(environment));
  return {input.path,          *stores.input, file.state, std::move(metadata), std::move(file.cipher),
          std::move(file.opened), std::move(text)};
}

Subject new_file(const Environment& environment, const CommandLine& line, const Input& input, const Stores& stores,
                 const std::optional<Config>& config) {
  Metadata metadata = new_metadata(environment, line, config, input.name, stores.output->id());
  const SecretBytes key = random_secret(32);
  try {
    wrap_data_key(environment, line, metadata.keys, key);
  } catch (const Error& error) {
    std::string text = error.what();
    constexpr std::string_view phrase = "Could not generate data key: ";
    if (text.starts_with(phrase)) text.erase(0, phrase.size());
    throw Error(ExitCode::could_not_retrieve_key,
                "Error encrypting the data key with one or more master keys: " + text, error.hints());
  }
  FileState none;
  none.absent = true;
  return {input.path,   *stores.output, none, std::move(metadata), LeafCipher(key),
          std::nullopt, example_content(*stores.output, stores.emit)};
}

std::string sealed_again(const Environment& environment, Subject& subject, const std::string& text, bool layout_records) {
  Document plain = subject.format.parse(text, ParseMode::plain);
  refuse_encrypted(environment, subject.format, plain);
  SealOptions options;
  options.now = format_utc(environment.clock());
  options.layout_records = layout_records;
  options.previous = subject.previous ? &*subject.previous : nullptr;
  options.warn = warnings_of(environment);
  return seal_document(subject.format, std::move(plain), subject.metadata, subject.cipher, options).text;
}

// Text that is no document of its type still is somebody's work: it is sealed as a binary file.
std::string keep_broken(const Environment& environment, Subject& subject, const std::string& text) {
  Metadata metadata = subject.metadata;
  metadata.selection = {SelectionKind::everything, ""};
  metadata.selection_stored = false;
  metadata.layout.clear();
  SealOptions options;
  options.now = format_utc(environment.clock());
  const Format& binary = format_by_id(FormatId::binary);
  const SealedText sealed =
      seal_document(binary, binary.parse(text, ParseMode::plain), std::move(metadata), subject.cipher, options);
  return keep_edit(environment, subject.path, sealed.text, false);
}

// A new file has the selection that its author asked for; of one that exists somebody else may have changed it.
void check_selection(const Environment& environment, Subject& subject, const std::optional<CreationRule>& rule,
                     const std::string& sealed, const std::string& text) {
  if (!subject.previous) return;
  try {
    compare_selection(environment, rule, subject.format, sealed, subject.cipher);
  } catch (const Error& error) {
    const std::string kept = keep_broken(environment, subject, text);
    if (kept.empty()) throw;
    throw Error(error).hint("your edit is kept, encrypted, in " + kept);
  }
}

void save(const Environment& environment, const Subject& subject, const std::string& sealed) {
  try {
    std::optional<FileLock> lock;
    if (!subject.state.absent && file_exists(subject.path)) lock.emplace(subject.path);
    audit(environment, AuditedAction::encrypt, subject.path);
    write_in_place(environment, subject.path, sealed, Privacy::sealed, subject.state);
  } catch (const Error& error) {
    const std::string kept = keep_edit(environment, subject.path, sealed, true);
    if (kept.empty()) throw;
    throw Error(error).hint("your edit is kept, encrypted, in " + kept);
  }
}

int run_edit(Environment& environment, const CommandLine& line) {
  const Input input = choose_input(environment, line, false);
  const std::optional<Config> config = read_config(environment, line);
  const Stores stores = choose_stores(line, input.name, config);
  check_writable(input.path);
  Subject subject = file_exists(input.path) ? existing_file(environment, line, input, stores)
                                            : new_file(environment, line, input, stores, config);
  const bool layout_records = !line.options.on("no-layout") && !(config && !config->layout_records);
  const bool with_metadata = line.options.on("show-master-keys") && subject.format.id() != FormatId::binary;
  std::optional<CreationRule> rule;
  if (subject.previous) rule = rule_to_compare(environment, config, input.name);
  if (subject.previous && environment.strict) {
    compare_selection(environment, rule, subject.format, subject.previous->sealed.source(), subject.cipher);
  }
  if (with_metadata) subject.text = with_metadata_shown(subject.format, subject.text, subject.metadata);

  std::string sealed, plain;
  const EditedText edited{
      [&](const std::string& text) {
        plain = with_metadata ? without_metadata(subject.format, text) : text;
        sealed = sealed_again(environment, subject, plain, layout_records);
      },
      [&](const std::string& text) { return keep_broken(environment, subject, text); }};
  edit_text(environment, base_name(input.path), subject.text, edited);
  check_selection(environment, subject, rule, sealed, plain);
  save(environment, subject, sealed);
  return 0;
}

constexpr auto flags = joined(edit_flags, type_flags, recipient_flags, context_flag, selector_flags, ignore_mac_flag, layout_flag,
                              decryption_flags, key_service_flags, own_flags);

}  // namespace

constinit const Command edit_command = {
    "edit",
    "FILE",
    "open a file decrypted in your editor and encrypt it again",
    "Edit a file, or start a new one for the recipients of its creation rule:\n"
    "    leafseal edit secrets.yaml\n"
    "With an editor that must be told to wait:\n"
    "    SOPS_EDITOR='code --wait' leafseal edit secrets.yaml\n",
    flags,
    run_edit,
};

}  // namespace leafseal::cli
