#include "cli/sync_keys.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <ctime>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "cli/approval.hpp"
#include "cli/audit.hpp"
#include "cli/creation_rule_check.hpp"
#include "cli/key_plan.hpp"
#include "cli/output.hpp"
#include "cli/stores.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {
namespace {

constexpr std::string_view updating = "error updating one or more master keys: ";

void require_file(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(ExitCode::generic, "stat " + quoted(path, 4096) + ": " + reason(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    throw Error(ExitCode::generic, "can't operate on a directory", {"name the files: find DIR -name '*.yaml' -exec ..."});
  }
}

// 2026/01/02 03:04:05 TEXT, local time: the reference's log of this command.
void log(const Environment& environment, const std::string& text) {
  const std::time_t now = environment.clock();
  std::tm local = {};
  ::localtime_r(&now, &local);
  std::array<char, 32> stamp{};
  std::strftime(stamp.data(), stamp.size(), "%Y/%m/%d %H:%M:%S ", &local);
  environment.err(stamp.data() + text + "\n");
}

class Sync {
 public:
  Sync(Environment& environment, const CommandLine& line, const Config& config, const KeyServices& services,
       std::string path, const SyncOptions& options)
      : environment_(environment), config_(config), services_(services), path_(std::move(path)), options_(options),
        format_(*choose_stores(line, path_, config).input) {}

  SyncOutcome run() {
    if (!options_.brief) log(environment_, "Syncing keys for file " + quoted(path_, 4096));
    std::optional<FileLock> lock;
    if (!options_.asks) lock.emplace(path_);  // nobody keeps it waiting with a question
    FileContent content = read_file_to_replace(path_);
    Document sealed = parse_sealed(format_, std::move(content.text), path_);
    metadata_ = read_metadata(sealed);
    KeyPlan plan = make_plan();
    if (plan.empty()) {
      if (!options_.brief) log(environment_, "File " + quoted(path_, 4096) + " already up to date");
      return {SyncResult::up_to_date};
    }
    check_version(metadata_);
    refuse_broken_selection(metadata_);
    environment_.out(shown(plan, environment_.colour_out));
    if (options_.asks && !approves(environment_, "Is this okay? (y/n):")) {
      log(environment_, "File " + quoted(path_, 4096) + " left unchanged");
      return {SyncResult::left_unchanged};
    }
    const bool rotates = options_.rotates && plan.removes();
    const std::string text = changed(std::move(sealed), plan.change, rotates);
    if (!lock) lock.emplace(path_);
    write_in_place(environment_, path_, text, Privacy::sealed, content.state);
    log(environment_, "File " + quoted(path_, 4096) + " synced with new keys for " + recipient_names(plan.change.after));
    return {SyncResult::synced, rotates ? 0 : removed(plan)};
  }

 private:
  KeyPlan make_plan() const {
    auto rule = config_.rule_for(path_);
    if (!rule) {
      throw Error(ExitCode::generic, "The config file " + quoted(config_.path) + " does not contain any creation rule");
    }
    for (KeyGroup& group : rule->keys.groups) {
      for (RecipientEntry& entry : group.entries) services_.recipients().complete(entry);
    }
    return plan_keys(metadata_.keys, rule->keys, format_utc(environment_.clock()));
  }

  static std::size_t removed(const KeyPlan& plan) {
    std::size_t count = 0;
    for (const GroupDifference& group : plan.groups) count += group.removed.size();
    return count;
  }

  std::string changed(Document sealed, GroupChange& change, bool rotates) {
    const RecipientRegistry& recipients = services_.recipients();
    const RecoveredKey recovered = recover_for(change, {{}}, recipients);
    services_.require(updating);
    LeafCipher cipher(recovered.data_key);
    check_data_key(metadata_, cipher);
    if (rotates) return rotated(std::move(sealed), change.after, cipher);
    wrap_changed(change, recovered, recipients, updating);
    Metadata metadata = metadata_;
    return with_keys(format_, sealed, std::move(metadata), change.after);
  }

  std::string rotated(Document sealed, KeyGroups& keys, LeafCipher& cipher) {
    OpenOptions opening;
    opening.strict = environment_.strict;
    opening.warn = warnings_of(environment_);
    audit(environment_, AuditedAction::rotate, path_);
    audit(environment_, AuditedAction::decrypt, path_);
    const OpenedDocument opened = open_document(std::move(sealed), metadata_, cipher, opening);
    const SecretBytes key = random_secret(32);
    wrap_all(keys, key, services_.recipients());
    Metadata metadata = metadata_;
    metadata.keys = keys;
    LeafCipher fresh(key);
    SealOptions sealing;
    sealing.now = format_utc(environment_.clock());
    sealing.warn = opening.warn;
    std::string text = rekey_document(format_, opened, std::move(metadata), cipher, fresh, sealing);
    compare_selection(environment_, rule_to_compare(environment_, config_, path_), format_, text, fresh);
    audit(environment_, AuditedAction::encrypt, path_);
    return text;
  }

  Environment& environment_;
  const Config& config_;
  const KeyServices& services_;
  std::string path_;
  SyncOptions options_;
  const Format& format_;
  Metadata metadata_;
};

}  // namespace

SyncOutcome sync_keys(Environment& environment, const CommandLine& line, const Config& config,
                      const KeyServices& services, const std::string& file, const SyncOptions& options) {
  const std::string path = absolute_path(file, environment.directory);
  require_file(path);
  return Sync(environment, line, config, services, path, options).run();
}

}  // namespace leafseal::cli
