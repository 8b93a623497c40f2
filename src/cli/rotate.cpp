// rotate: a new data key, every value sealed anew, and on request other recipients (spec: cli.md 3.6).
#include <algorithm>

#include "base/file.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "cli/audit.hpp"
#include "cli/command.hpp"
#include "cli/creation_rule_check.hpp"
#include "cli/flags.hpp"
#include "cli/named_recipients.hpp"
#include "cli/open_file.hpp"
#include "cli/output.hpp"
#include "cli/recipient_changes.hpp"
#include "cli/stores.hpp"
#include "leafseal/sealed_document.hpp"
#include "recipients/wrapped_form.hpp"

namespace leafseal::cli {
namespace {

void require_existing_file(const CommandLine& line, const Input& input) {
  if (file_exists(input.path)) return;
  if (names_recipient_changes(line.options)) {
    throw Error(ExitCode::keys_of_missing_file,
                "cannot add or remove keys on non-existent file \"" + quoted(input.path, 4096) + "\", use " +
                    (line.legacy ? "`--kms` and `--pgp` instead." : "the `edit` subcommand instead."));
  }
  if (line.legacy) require_existing(input);  // the command itself fails on reading
}

struct RecipientChanges {
  std::vector<RecipientEntry> added, removed;
};

RecipientChanges recipient_changes(const Environment& environment, const Options& options) {
  RecipientChanges changes{named_recipients(environment, options, "add-", BadContext::dropped),
                           named_recipients(environment, options, "rm-", BadContext::dropped)};
  stamp_created(changes.added, format_utc(environment.clock()));
  return changes;
}

void apply(const RecipientChanges& changes, KeyGroups& keys) {
  std::vector<RecipientEntry>& first = keys.groups.at(0).entries;
  first.insert(first.end(), changes.added.begin(), changes.added.end());
  for (const RecipientEntry& gone : changes.removed) {
    for (KeyGroup& group : keys.groups) {
      std::erase_if(group.entries, [&](const RecipientEntry& entry) { return gone.means(entry); });
    }
  }
}

// Whoever knows the data key can wrap it; an entry that holds something else was not made by one who does (security.md
// I11). It must not be given the next key.
void refuse_malformed(const KeyGroups& keys, const std::vector<RecipientEntry>& added) {
  for (const KeyGroup& group : keys.groups) {
    for (const RecipientEntry& entry : group.entries) {
      if (std::find(added.begin(), added.end(), entry) != added.end()) continue;
      const std::string problem = wrapped_form_problem(entry);
      if (problem.empty()) continue;
      throw Error(ExitCode::generic, "the wrapped key of " + quoted(entry.id()) + " " + problem,
                  {"somebody may have added this recipient to be given the new data key: remove it with --rm-" +
                   std::string(recipient_flag(entry.kind)) + ", or add it anew with updatekeys"});
    }
  }
}

// Sealed text of the same type keeps its text around the tokens; another type is written canonically.
std::string under_new_key(const Stores& stores, OpenedFile& file, Metadata metadata, LeafCipher& fresh,
                          const SealOptions& options) {
  if (stores.input == stores.output) {
    return rekey_document(*stores.input, file.opened, std::move(metadata), file.cipher, fresh, options);
  }
  metadata.layout.clear();
  try {
    const std::string text = stores.output->emit(plain_tree(std::move(file.opened)), stores.emit);
    Document plain = stores.output->parse(text, ParseMode::plain);
    return seal_document(*stores.output, std::move(plain), std::move(metadata), fresh, options).text;
  } catch (const Error& error) {
    throw error.code() == ExitCode::error_dumping_tree ? error.under(error.code(), "Could not marshal tree: ") : error;
  }
}

int run_rotate(Environment& environment, const CommandLine& line) {
  const Input input = choose_input(environment, line, false);
  check_output_flags(line, input);
  require_existing_file(line, input);
  const std::optional<Config> config = read_config(environment, line);
  const Stores stores = choose_stores(line, input.name, config);
  const RecipientChanges changes = recipient_changes(environment, line.options);

  std::optional<FileLock> lock;
  if (line.options.on("in-place")) lock.emplace(input.path);
  OpenedFile file = open_file(environment, line, input, *stores.input, Purpose::rotating);
  Metadata metadata = file.opened.metadata;
  apply(changes, metadata.keys);
  refuse_malformed(metadata.keys, changes.added);
  const std::optional<CreationRule> rule = rule_to_compare(environment, config, input.name);
  compare_recipients(environment, rule, metadata.keys);

  const SecretBytes key = random_secret(32);
  wrap_data_key(environment, line, metadata.keys, key);
  LeafCipher fresh(key);
  SealOptions options;
  options.now = format_utc(environment.clock());
  options.layout_records = !(config && !config->layout_records);
  options.warn = warnings_of(environment);
  const std::string names = recipient_names(metadata.keys);
  const std::string text = under_new_key(stores, file, std::move(metadata), fresh, options);
  compare_selection(environment, rule, *stores.output, text, fresh);
  audit(environment, AuditedAction::encrypt, input.path);
  write_result(environment, line, input, text, Privacy::sealed, file.state);
  environment.err(environment.program + ": the new data key of " + quoted(input.path, 4096) + " is wrapped for " + names + "\n");
  return 0;
}

constexpr auto flags = joined(output_flags, type_flags, recipient_change_flags, context_flag, decryption_flags,
                              key_service_flags, own_flags);

}  // namespace

constinit const Command rotate_command = {
    "rotate",
    "FILE",
    "give a file a new data key and encrypt all its values anew",
    "Make a new data key for the same recipients, in place:\n"
    "    leafseal rotate -i secrets.yaml\n"
    "Take a recipient out, so that what is stored from now on is closed to them:\n"
    "    leafseal rotate -i --rm-age age1... secrets.yaml\n"
    "Replace one recipient by another:\n"
    "    leafseal rotate -i --add-age age1new... --rm-pgp 0123456789ABCDEF0123456789ABCDEF01234567 secrets.yaml\n",
    flags,
    run_rotate,
};

}  // namespace leafseal::cli
