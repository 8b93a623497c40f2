// What `doctor` looks at and what it finds. Each check adds lines to a Report; a problem always says what to do.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "leafseal/creation_rules.hpp"
#include "leafseal/recipient.hpp"

namespace leafseal::cli {

struct Finding {
  enum class Status : std::uint8_t { ok, note, problem };
  std::string area;  // one word: config, age, gpg ...
  Status status = Status::ok;
  std::string text;
  std::string hint;  // of a problem never empty
};

class Report {
 public:
  void ok(std::string area, std::string text) { add({std::move(area), Finding::Status::ok, std::move(text), {}}); }
  void note(std::string area, std::string text, std::string hint = {}) {
    add({std::move(area), Finding::Status::note, std::move(text), std::move(hint)});
  }
  void problem(std::string area, std::string text, std::string hint) {
    add({std::move(area), Finding::Status::problem, std::move(text), std::move(hint)});
  }
  void append(const Report& other) { findings_.insert(findings_.end(), other.findings_.begin(), other.findings_.end()); }
  const std::vector<Finding>& findings() const { return findings_; }
  std::size_t problems() const;

 private:
  void add(Finding finding) { findings_.push_back(std::move(finding)); }
  std::vector<Finding> findings_;
};

// The recipients that matter here. What nobody uses is not looked at: gpg does not run without a PGP recipient.
struct InPlay {
  std::vector<RecipientEntry> recipients;  // of rules and variables: new files are sealed for them
  std::vector<RecipientEntry> of_file;     // of FILE: each of them opens it
  bool has(RecipientKind kind) const;
};

void examine_config(const Environment& environment, const CommandLine& line, std::optional<Config>& config, Report& report);
void examine_variables(const Environment& environment, Report& report);
void examine_age(const Environment& environment, const InPlay& in_play, Report& report);
void examine_gpg(const Environment& environment, const InPlay& in_play, Report& report);
void examine_terminal(const Environment& environment, const InPlay& in_play, Report& report);
void examine_editing(const Environment& environment, Report& report);
void examine_clock(const Environment& environment, Report& report);
void examine_git(const Environment& environment, Report& report);
// FILE: what it is, who opens it, whether its MAC fits. Its recipients join those in play.
void examine_file(const Environment& environment, const CommandLine& line, const std::optional<Config>& config,
                  InPlay& in_play, Report& report);

std::string report_as_lines(const Report& report, bool table);
std::string report_as_json(const Report& report);

}  // namespace leafseal::cli
