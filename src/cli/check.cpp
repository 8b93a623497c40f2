// check: whether files that should be sealed are sealed, without any key. For hooks and CI: findings on stdout, one
// line each; quiet when all is well.
#include <sys/stat.h>

#include <set>

#include "base/file.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/progress.hpp"
#include "cli/stores.hpp"
#include "config/nearest_rules.hpp"
#include "recipients/wrapped_form.hpp"
#include "seal/check_document.hpp"

namespace leafseal::cli {
namespace {

// A text that any of the formats might have sealed holds these words; most files of a repository do not.
bool may_be_sealed(std::string_view text) {
  return text.find("sops") != std::string_view::npos && (text.find("lastmodified") != std::string_view::npos ||
                                                         text.find("ENC[AES256_GCM,") != std::string_view::npos);
}

// `sops` is also a key of people's own documents.
bool is_sealed(const Document& document) {
  if (!has_metadata(document)) return false;
  const NodeId map = document.metadata[0];
  return document[map].kind == NodeKind::map &&
         (document.find(map, "mac") != no_node || document.find(map, "lastmodified") != no_node);
}

class Check {
 public:
  Check(Environment& environment, const CommandLine& line)
      : environment_(environment),
        line_(line),
        here_(read_config(environment, line)),
        rules_(here_, environment.directory, line.anywhere("config").has_value(), environment.strict,
               [&environment](const std::string& text) { environment.warn_secrecy(text); }) {}

  int run() {
    look_at(line_.options.words);
    const bool refused = findings_ == 0 && environment_.strict && warnings_ != 0;
    if (findings_ == 0 && !refused) return 0;
    Error error(refused ? ExitCode::strict_refusal : ExitCode::generic,
                std::to_string(findings_ + warnings_of_strict()) + " finding(s) in " + std::to_string(files_.size()) +
                    " of " + std::to_string(line_.options.words.size()) + " file(s)");
    if (unsealed_) error.hint("seal a file: " + environment_.program + " encrypt -i FILE");
    if (!every_file_.empty()) {
      error.hint("the rule at " + every_file_ +
                 " has no path_regex and covers every file; give it one, or name fewer files");
    }
    throw error;
  }

 private:
  std::size_t warnings_of_strict() const { return environment_.strict ? warnings_ : 0; }

  void look_at(const std::vector<std::string>& words) {
    Progress progress(environment_, words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      progress.reached(i);
      file(words[i]);
    }
  }

  void file(const std::string& word) {
    const std::string path = absolute_path(word, environment_.directory);
    struct stat status = {};
    const bool there = ::stat(path.c_str(), &status) == 0;
    struct stat link = {};
    const bool is_link = ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
    if (is_link && (!there || S_ISDIR(status.st_mode))) return;  // git lists them, and they hold nothing
    if (base_name(path) == ".sops.yaml" || (here_ && path == absolute_path(here_->path, environment_.directory)))
      return;
    try {
      const auto covered = rules_.covering(path);
      std::string text = read_file(path);
      if (!covered && !may_be_sealed(text)) return;
      judge(word, path, std::move(text), covered);
    } catch (const Error& error) {
      const bool of_config = error.code() != ExitCode::could_not_read_input;
      report(word,
             {1, of_config ? "no rule can be found for it: " + located(error) : std::string(error.what()), false});
    }
  }

  static std::string located(const Error& error) {
    std::string text = error.what();
    if (!error.hints().empty()) text += "; " + error.hints().back();
    return text.substr(0, text.find('\n'));
  }

  void judge(const std::string& word, const std::string& path, std::string text,
             const std::optional<config::CoveredFile>& covered) {
    const Format* format = &format_of(path);
    const std::string copy = format->opaque() && may_be_sealed(text) ? text : std::string();
    std::optional<Document> document;
    try {
      document = format->parse(std::move(text), ParseMode::sealed);
    } catch (const Error& error) {
      if (error.code() == ExitCode::no_document) return;  // nothing in it, and nothing that could be sealed
      if (!format->opaque()) return report(word, {std::max<std::size_t>(error.place().line, 1), error.what(), false});
    }
    if (!document || !is_sealed(*document)) document = as_another_format(copy, format);
    if (document) {
      std::optional<RuleSelector> expected;
      if (covered && !format->opaque()) {
        expected = {covered->rule.selection.value_or(SelectionRule{}), covered->rule.selection.has_value()};
      }
      for (const CheckFinding& finding : check_document(*document, expected, wrapped_form_problem)) report(word, finding);
    } else if (covered) {
      not_sealed(word, *covered);
    }
  }

  void not_sealed(const std::string& word, const config::CoveredFile& covered) {
    const std::string rule = quoted(covered.config) + ":" + std::to_string(covered.rule.place.line);
    report(word, {1, "is not sealed, and the rule at " + rule + " covers it", false});
    unsealed_ = true;
    if (covered.rule.every_file) every_file_ = rule;
  }

  const Format& format_of(const std::string& path) const {
    const auto type = line_.options.text("input-type");
    const Format* named = type ? format_by_name(*type) : nullptr;
    return named != nullptr ? *named : format_for_file(path);
  }

  // secrets.yaml.gotpl, .env.production: sealed with --input-type, and binary by their names.
  static std::optional<Document> as_another_format(const std::string& text, const Format*& format) {
    if (text.empty()) return std::nullopt;
    for (const FormatId id : {FormatId::yaml, FormatId::dotenv, FormatId::ini}) {
      try {
        Document document = format_by_id(id).parse(text, ParseMode::sealed);
        if (!is_sealed(document)) continue;
        format = &format_by_id(id);
        return document;
      } catch (const Error&) {
        continue;
      }
    }
    return std::nullopt;
  }

  void report(const std::string& word, const CheckFinding& finding) {
    const std::string line = quoted(word, 4096) + ":" + std::to_string(finding.line) + ": ";
    if (finding.warning && !environment_.strict) {
      ++warnings_;
      return environment_.warn_secrecy(line + finding.text);
    }
    files_.insert(word);
    ++(finding.warning ? warnings_ : findings_);
    environment_.out(line + finding.text + "\n");
  }

  Environment& environment_;
  const CommandLine& line_;
  std::optional<Config> here_;
  config::NearestRules rules_;
  std::size_t findings_ = 0;
  std::size_t warnings_ = 0;
  bool unsealed_ = false;
  std::string every_file_;
  std::set<std::string> files_;
};

int run_check(Environment& environment, const CommandLine& line) {
  if (line.options.words.empty()) throw Error(ExitCode::no_file_specified, "no file specified");
  return Check(environment, line).run();
}

constexpr auto check_flags = std::to_array<Flag>({
    {"config", '\0', FlagKind::text, "SOPS_CONFIG", "FILE", "use the rules of FILE, and of no .sops.yaml found"},
    {"input-type", '\0', FlagKind::text, "", "TYPE",
     "yaml, json, dotenv, ini or binary; otherwise by each file's name"},
});
constexpr auto flags = joined(check_flags, own_flags);

}  // namespace

constinit const Command check_command = {
    "check",
    "FILE...",
    "tell which files should be encrypted and are not",
    "Check what is about to be committed; needs no key:\n"
    "    git diff --cached --name-only -z --diff-filter=d | xargs -0 leafseal check --\n"
    "Check every file of a repository:\n"
    "    git ls-files -z | xargs -0 leafseal check --\n",
    flags,
    run_check,
};

}  // namespace leafseal::cli
