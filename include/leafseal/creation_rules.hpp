// Creation rules: what `.sops.yaml` says about a file (spec: config.md). The config is found by walking up from the
// working directory, the first rule whose path_regex matches decides, and it names recipients, groups, threshold and
// selection. The file is untrusted input (security.md 4): it can choose recipients, never programs or paths to run.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/format.hpp"
#include "leafseal/key_groups.hpp"
#include "leafseal/selection.hpp"

namespace leafseal {

namespace config {
struct Model;
}

struct StoresConfig {
  std::optional<int> yaml_indent;
  std::optional<int> json_indent;
  std::optional<int> json_binary_indent;
};

struct CreationRule {
  KeyGroups keys;  // created_at and enc are not filled in
  std::vector<SelectionRule> selections;  // at most one; kept as a list because command-line flags join it
  bool mac_only_encrypted = false;
  Place place;  // of the rule in the config
};

// The rule that takes a file, as far as it can be read without its recipients.
struct CoveringRule {
  std::optional<SelectionRule> selection;  // nothing: the rule states none
  Place place;                             // of the rule in the config
  bool every_file = false;                 // it has no path_regex
};

class Config {
 public:
  std::string path;      // as found: `.sops.yaml`, `../.sops.yaml`, or as given
  std::string directory;  // of the file, absolute; rules see paths below it without it
  std::string text;
  StoresConfig stores;
  bool layout_records = true;  // leafseal: {layout: false}
  bool has_rules = false;      // creation_rules is present and not null

  // The rule for a file (absolute, lexically clean path). Throws Error{generic} "error loading config: ..." when rules
  // exist and none matches, or the matched one is bad. nullopt: the config has no rules.
  std::optional<CreationRule> rule_for(const std::string& absolute_file) const;

  // The same question for who only wants to know whether a rule takes the file: no match is no error, and recipients
  // are not looked at. Throws Error{generic} for a path_regex that does not compile.
  std::optional<CoveringRule> covering_rule(const std::string& absolute_file) const;

  // What path_regex is searched in: the path below the config's directory, or the whole one of a file elsewhere.
  std::string_view subject(std::string_view absolute_file) const;

  std::shared_ptr<const config::Model> model;  // what was read; rule_for judges it
};

// A warning for people, already phrased; the caller prints it.
using Warn = std::function<void(const std::string&)>;

// Reads and checks the file at `path`, which may be relative to `directory` (empty: the process's own). Syntax and type
// errors carry line and column; misspelt keys are warnings with the nearest known key.
Config load_config(const std::string& path, const Warn& warn, const std::string& directory = "");
// The same from a text, as if it stood in `directory`.
Config parse_config(std::string path, std::string directory, std::string text, const Warn& warn);

// `.sops.yaml` in `directory` or above, at most 100 levels; empty when there is none. Warns of `.sops.yml`, and of a
// config that another user owns or everybody may write (security.md C4; strict: Error{strict_refusal}).
std::string find_config(const std::string& directory, bool strict, const Warn& warn);

}  // namespace leafseal
