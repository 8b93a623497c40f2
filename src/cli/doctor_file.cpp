// doctor FILE: what the file is, who of its recipients opens it here without being asked, and whether its MAC fits.
#include <unistd.h>

#include <map>
#include <memory>
#include <stdexcept>

#include "base/file.hpp"
#include "base/time.hpp"
#include "cli/audit.hpp"
#include "cli/creation_rule_check.hpp"
#include "cli/doctor_report.hpp"
#include "cli/stores.hpp"
#include "leafseal/key_groups.hpp"
#include "leafseal/sealed_document.hpp"
#include "recipients/age_identity_report.hpp"
#include "recipients/pgp_report.hpp"
#include "recipients/recipient_syntax.hpp"
#include "recipients/wrapped_form.hpp"
#include "seal/check_document.hpp"

namespace leafseal::cli {
namespace {

// What was found out once, for the recovery of the data key: nobody is asked a second time.
class KnownKeys final : public RecipientRegistry {
 public:
  void add(const RecipientEntry& entry, SecretBytes key) { keys_.emplace(&entry, std::move(key)); }
  std::unique_ptr<Recipient> make(const RecipientEntry& entry) const override {
    const auto found = keys_.find(&entry);
    return std::make_unique<Known>(found == keys_.end() ? nullptr : &found->second);
  }

 private:
  class Known final : public Recipient {
   public:
    explicit Known(const SecretBytes* key) : key_(key) {}
    std::string wrap(const SecretBytes&) const override { throw std::logic_error("a report wraps no keys"); }
    UnwrapResult unwrap(std::string_view) const override {
      if (key_ == nullptr) return UnwrapFailure{"not opened without being asked", {}};
      return key_->clone();
    }

   private:
    const SecretBytes* key_;
  };
  std::map<const RecipientEntry*, SecretBytes> keys_;
};

class FileExamination {
 public:
  FileExamination(const Environment& environment, std::string path, Report& report)
      : environment_(environment), path_(std::move(path)), identities_(environment), report_(report) {}

  void recipients(const Metadata& metadata) {
    std::size_t opened_groups = 0;
    for (const KeyGroup& group : metadata.keys.groups) {
      bool opened = false;
      for (const RecipientEntry& entry : group.entries) opened = recipient(entry) || opened;
      opened_groups += opened ? 1 : 0;
    }
    const std::size_t groups = metadata.keys.groups.size();
    const std::size_t needed = groups < 2 ? 1 : metadata.keys.threshold > 0 ? static_cast<std::size_t>(metadata.keys.threshold) : groups;
    if (groups > 1) {
      report_.note("file", std::to_string(opened_groups) + " of " + std::to_string(groups) + " key groups open here, " +
                               std::to_string(needed) + " are needed");
    }
    enough_ = opened_groups >= needed;
  }

  void integrity(Document sealed, const Metadata& metadata) {
    if (!enough_) {
      if (might_) {
        report_.note("file", "not opened without being asked, so the MAC was not checked", "decrypt it to see");
      } else {
        report_.problem("file", "nobody here can open it", "ask one of its recipients to add yours: updatekeys");
      }
      return;
    }
    try {
      LeafCipher cipher(recover(metadata.keys, DecryptionOrder{}, known_));
      audit(environment_, AuditedAction::decrypt, path_);
      open_document(std::move(sealed), metadata, cipher, {});
      report_.ok("file", "every value opens and the MAC fits");
    } catch (const Error& error) {
      report_.problem("file", error.what(), error.hints().empty() ? "restore it from version control" : error.hints()[0]);
    }
  }

 private:
  bool recipient(const RecipientEntry& entry) {
    const std::string name = std::string(kind_name(entry.kind)) + " " + quoted(entry.id(), 400);
    if (entry.kind == RecipientKind::age) return age_recipient(entry, name);
    if (entry.kind == RecipientKind::pgp) return pgp_recipient(entry, name);
    might_ = true;
    report_.note("file", name + ": not asked, that takes the network");
    return false;
  }

  bool age_recipient(const RecipientEntry& entry, const std::string& name) {
    AgeAttempt attempt = identities_.attempt(entry.enc, entry.field("recipient"));
    if (!attempt.key.empty()) {
      report_.ok("file", name + ": opened by " + attempt.opened_by);
      known_.add(entry, std::move(attempt.key));
      return true;
    }
    std::string text = name + ": " + attempt.problem;
    for (const std::string& might : attempt.might) text += "; to be asked: " + might;
    might_ = might_ || !attempt.might.empty();
    report_.note("file", text);
    return false;
  }

  bool pgp_recipient(const RecipientEntry& entry, const std::string& name) {
    if (std::string flaw = syntax_flaw(entry); !flaw.empty()) {
      report_.problem("file", name + ": " + flaw, "restore the sops block from version control");
      return false;
    }
    if (find_gpg(environment_).empty()) {
      report_.note("file", name + ": gpg is not here");
      return false;
    }
    PgpAttempt attempt = open_quietly(environment_, entry.enc);
    if (!attempt.key.empty()) {
      report_.ok("file", name + ": opened by gpg");
      known_.add(entry, std::move(attempt.key));
      return true;
    }
    const bool secret = inspect_pgp_key(environment_, entry.field("fp")).secret_key;
    might_ = might_ || secret;
    report_.note("file", name + (secret ? ": the secret key is here and wants its passphrase" : ": no secret key here"));
    return false;
  }

  const Environment& environment_;
  std::string path_;
  AgeIdentityReport identities_;
  Report& report_;
  KnownKeys known_;
  bool enough_ = false;
  bool might_ = false;  // somebody who was not asked may open it
};

void examine_permissions(const std::string& path, Report& report) {
  if (::access(path.c_str(), W_OK) != 0) {
    report.problem("file", "it cannot be written: edit and set will fail", "chmod u+w, or ask its owner");
  } else if (::access(parent_directory(path).c_str(), W_OK) != 0) {
    report.note("file", "its directory cannot be written: changes go into the file itself, behind a recovery copy");
  }
}

void examine_times(const Environment& environment, const Metadata& metadata, Report& report) {
  constexpr std::time_t tolerance = 300;
  const auto time = parse_rfc3339(metadata.last_modified);
  // Both in UTC and of one form, so that they compare as text.
  if (!time || time->offset_minutes != 0) return;
  if (format_rfc3339(*time, false) > format_utc(environment.clock() + tolerance)) {
    report.problem("file", "lastmodified is in the future: " + quoted(metadata.last_modified),
                   "compare the clocks of this machine and of the one that sealed it");
  }
}

void compare_with_rule(const Metadata& metadata, const std::optional<Config>& config, const std::string& path, Report& report) {
  if (!config || !config->has_rules) return;
  try {
    const auto rule = config->rule_for(path);
    if (!rule) return;
    std::vector<std::pair<RecipientKind, std::string>> of_file;
    std::vector<std::pair<RecipientKind, std::string>> of_rule;
    for (const KeyGroup& group : metadata.keys.groups) {
      for (const RecipientEntry& entry : group.entries) of_file.emplace_back(entry.kind, entry.id());
    }
    for (const KeyGroup& group : in_versions_of(metadata.keys, rule->keys).groups) {
      for (const RecipientEntry& entry : group.entries) of_rule.emplace_back(entry.kind, entry.id());
    }
    std::sort(of_file.begin(), of_file.end());
    std::sort(of_rule.begin(), of_rule.end());
    if (of_file == of_rule || of_rule.empty()) return;
    report.problem("file", "its recipients are not those of the rule at line " + std::to_string(rule->place.line) + " of " +
                               quoted(config->path),
                   "updatekeys brings them over");
  } catch (const Error& error) {
    report.note("file", error.what());
  }
}

}  // namespace

void examine_file(const Environment& environment, const CommandLine& line, const std::optional<Config>& config,
                  InPlay& in_play, Report& report) {
  const std::string path = absolute_path(line.options.words[0], environment.directory);
  const auto type = line.options.text("input-type");
  const Format* named = type ? format_by_name(*type) : nullptr;
  const Format& format = named != nullptr ? *named : format_for_file(path);
  try {
    Document sealed = format.parse(read_file(path), ParseMode::sealed);
    const std::string what = quoted(line.options.words[0], 4096) + ", " + std::string(format.name());
    if (!has_metadata(sealed)) {
      return report.problem("file", what + ": is not sealed", "seal it: " + environment.program + " encrypt -i FILE");
    }
    report.ok("file", what + ": is sealed");
    examine_permissions(path, report);
    for (const CheckFinding& finding : check_document(sealed, std::nullopt, wrapped_form_problem)) {
      const std::string text = "line " + std::to_string(finding.line) + ": " + finding.text;
      if (finding.warning) {
        report.note("file", text);
      } else {
        report.problem("file", text, "compare with version control");
      }
    }
    const Metadata metadata = read_metadata(sealed);
    for (const KeyGroup& group : metadata.keys.groups) {
      in_play.of_file.insert(in_play.of_file.end(), group.entries.begin(), group.entries.end());
    }
    examine_times(environment, metadata, report);
    compare_with_rule(metadata, config, path, report);
    FileExamination examination(environment, path, report);
    examination.recipients(metadata);
    examination.integrity(std::move(sealed), metadata);
  } catch (const Error& error) {
    std::string hint = "name its type with --input-type, or restore it from version control";
    if (format.opaque()) hint = "a file that is not called .yaml, .json, .env or .ini needs --input-type; else seal it: encrypt -i FILE";
    if (error.code() == ExitCode::could_not_read_input && !file_exists(path)) hint = "name a file that is there";
    report.problem("file", error.what(), hint);
  }
}

}  // namespace leafseal::cli
