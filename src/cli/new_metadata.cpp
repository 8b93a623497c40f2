#include "cli/new_metadata.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "cli/named_recipients.hpp"
#include "leafseal/selection.hpp"

namespace leafseal::cli {
namespace {

constexpr std::array all_selections = {SelectionKind::unencrypted_suffix,        SelectionKind::encrypted_suffix,
                                       SelectionKind::unencrypted_regex,         SelectionKind::encrypted_regex,
                                       SelectionKind::unencrypted_comment_regex, SelectionKind::encrypted_comment_regex};

// A flag replaces the rule's selector of its kind; two kinds together are an error.
std::vector<SelectionRule> chosen_selections(const CommandLine& line, const std::optional<CreationRule>& rule) {
  std::vector<SelectionRule> chosen;
  for (const SelectionKind kind : all_selections) {
    std::string flag(selection_field(kind));
    std::replace(flag.begin(), flag.end(), '_', '-');
    if (auto pattern = line.anywhere(flag)) {
      chosen.push_back({kind, std::move(*pattern)});
      continue;
    }
    if (!rule) continue;
    const auto& given = rule->selections;
    const auto found = std::find_if(given.begin(), given.end(), [&](const auto& one) { return one.kind == kind; });
    if (found != given.end()) chosen.push_back(*found);
  }
  return chosen;
}

SelectionRule one_selection(const std::vector<SelectionRule>& chosen) {
  if (chosen.empty()) return {};
  if (chosen.size() > 1) {
    throw Error(ExitCode::conflicting_parameters,
                "cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, "
                "encrypted_comment_regex, or unencrypted_comment_regex in the same file",
                {"a selector of the command line and one of another kind in .sops.yaml count together"});
  }
  const Selection compiled(chosen[0]);
  if (!compiled.broken().empty()) {
    throw Error(ExitCode::conflicting_parameters,
                std::string(selection_field(chosen[0].kind)) + " is not a valid regular expression: " +
                    quoted(compiled.broken()),
                {"the syntax is RE2's: no lookaround, no backreferences"});
  }
  return chosen[0];
}

// A binary file is one value: there is nothing to select.
SelectionRule selection_of_binary(const Environment& environment, const std::vector<SelectionRule>& chosen,
                                  bool& mac_only_encrypted) {
  const auto ignored = [&](const std::string& what) {
    environment.warn("Using " + what + " does not make sense with the input store (the binary store produces one key "
                     "that should always be encrypted) and will be ignored.");
  };
  for (const SelectionRule& rule : chosen) {
    std::string field(selection_field(rule.kind));
    std::replace(field.begin(), field.end(), '_', ' ');
    ignored("an " + field);
  }
  if (mac_only_encrypted) ignored("MAC only encrypted");
  mac_only_encrypted = false;
  return {SelectionKind::everything, ""};
}

}  // namespace

Metadata new_metadata(const Environment& environment, const CommandLine& line, const std::optional<Config>& config,
                      const std::string& name, FormatId input_format) {
  std::optional<CreationRule> rule;
  if (config && config->has_rules) rule = config->rule_for(name);
  const std::vector<SelectionRule> chosen = chosen_selections(line, rule);

  Metadata metadata;
  metadata.version = format_level;
  metadata.mac_only_encrypted =
      line.global.given("mac-only-encrypted") ? line.global.on("mac-only-encrypted") : rule && rule->mac_only_encrypted;
  metadata.selection = one_selection(chosen);
  if (input_format == FormatId::binary) {
    metadata.selection = selection_of_binary(environment, chosen, metadata.mac_only_encrypted);
    metadata.selection_stored = false;
  }

  KeyGroup flagged{named_recipients(environment, line.options, "", BadContext::refused)};
  if (!flagged.entries.empty()) {
    metadata.keys.groups.push_back(std::move(flagged));
    if (rule) metadata.keys.threshold = rule->keys.threshold;
  } else if (rule) {
    metadata.keys = rule->keys;
  } else {
    throw Error(ExitCode::generic,
                "config file not found, or has no creation rules, and no keys provided through command line options",
                {"name a recipient with --age or --pgp, or write a .sops.yaml with creation_rules"});
  }
  if (const int threshold = line.options.number("shamir-secret-sharing-threshold").value_or(0); threshold != 0) {
    metadata.keys.threshold = threshold;
  }
  for (KeyGroup& group : metadata.keys.groups) stamp_created(group.entries, format_utc(environment.clock()));
  return metadata;
}

}  // namespace leafseal::cli
