// config explain: which rule takes a file and why, and for whom and how the file would be sealed (security.md C6).
#include "config/explain.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "cli/config_commands.hpp"
#include "cli/flags.hpp"
#include "cli/new_metadata.hpp"
#include "cli/publish_file.hpp"
#include "cli/stores.hpp"

namespace leafseal::cli {
namespace {

using config::RuleVerdict;
using config::Verdict;

std::string place_text(const Config& config, const Place& place) {
  return quoted(config.path) + ":" + std::to_string(place.line);
}

// `non[prod/]f.yaml`
std::string with_part_marked(std::string_view path, const RuleVerdict& verdict) {
  return quoted(path.substr(0, verdict.part_begin)) + "[" +
         quoted(path.substr(verdict.part_begin, verdict.part_size)) + "]" +
         quoted(path.substr(verdict.part_begin + verdict.part_size));
}

std::string reason_of(std::string_view path, const RuleVerdict& verdict) {
  const std::string pattern = "path_regex " + quoted(verdict.path_regex);
  switch (verdict.verdict) {
    case Verdict::not_found: return "no: " + pattern + " is not found in the path";
    case Verdict::found: return "yes: " + pattern + " is found: " + with_part_marked(path, verdict);
    case Verdict::every_file: return "yes: it has no path_regex and takes every file";
    case Verdict::broken: return "broken: " + verdict.problem;
    case Verdict::not_asked: break;
  }
  return "not asked" + (verdict.path_regex.empty() ? std::string() : ": " + pattern);
}

void print_rules(const Environment& environment, const Config& config, const std::string& file) {
  const std::string_view path = config.subject(file);
  environment.out("path: " + quoted(path, 4096) + "\n");
  std::size_t number = 0;
  for (const RuleVerdict& verdict : config::explain(config, file)) {
    environment.out("rule " + std::to_string(++number) + ", " + place_text(config, verdict.place) + ": " +
                    reason_of(path, verdict) + "\n");
    if (!config::found_inside_a_name(path, verdict)) continue;
    environment.warn_secrecy("the pattern of rule " + std::to_string(number) +
                             " was found inside a longer name; anchor it if that was not meant: ^ or (^|/) in front, / or $ "
                             "behind");
  }
  if (!config.has_rules) environment.out("rules: none\n");
}

bool named_outside(const Options& options) {
  constexpr std::array flags = std::to_array<std::string_view>(
      {"age", "pgp", "kms", "gcp-kms", "hckms", "azure-kv", "hc-vault-transit"});
  return std::any_of(flags.begin(), flags.end(), [&](std::string_view flag) { return options.text(flag).has_value(); });
}

void print_recipients(const Environment& environment, const Options& options, const Metadata& metadata) {
  if (named_outside(options)) environment.out("recipients: from flags or variables, in place of the rule's\n");
  const std::vector<KeyGroup>& groups = metadata.keys.groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::string of_group = groups.size() > 1 ? " of group " + std::to_string(i + 1) : "";
    for (const RecipientEntry& entry : groups[i].entries) {
      environment.out("recipient" + of_group + ": " + std::string(kind_name(entry.kind)) + " " + quoted(entry.id(), 4096) +
                      "\n");
    }
    if (groups[i].entries.empty()) environment.out("recipient" + of_group + ": none\n");
  }
  if (groups.size() < 2) return;
  const int needed = metadata.keys.threshold == 0 ? static_cast<int>(groups.size()) : metadata.keys.threshold;
  environment.out("threshold: " + std::to_string(needed) + " of " + std::to_string(groups.size()) + " groups\n");
}

void print_sealing(const Environment& environment, const Metadata& metadata, const Stores& stores) {
  if (metadata.selection.kind == SelectionKind::everything) {
    environment.out("selector: none; the whole file is one value\n");
  } else {
    environment.out("selector: " + std::string(selection_field(metadata.selection.kind)) + " " +
                    quoted(metadata.selection.pattern) + "\n");
  }
  if (metadata.mac_only_encrypted) environment.out("mac_only_encrypted: true\n");
  environment.out("format: " + std::string(stores.input->name()) + "\n");
  if (stores.emit.indent) environment.out("indent: " + std::to_string(*stores.emit.indent) + "\n");
}

// Destination rules go by the path as it was typed.
void print_destination(const Environment& environment, const Config& config, const std::string& given) {
  if (!has_destination_rules(config)) return;
  try {
    const DestinationRule rule = destination_rule_for(config, given);
    Destinations destinations(environment);
    const auto destination = destinations.make(rule.destination);
    const std::string name = name_at_destination(base_name(given), rule.omit_extensions);
    environment.out("destination: " + (destination ? quoted(destination->shown(name), 4096) : "none") + ", by the rule at " +
                    place_text(config, rule.place) + "\n");
    if (!rule.recreation) return;
    for (const KeyGroup& group : rule.recreation->keys.groups) {
      for (const RecipientEntry& entry : group.entries) {
        environment.out("recipient there: " + std::string(kind_name(entry.kind)) + " " + quoted(entry.id(), 4096) + "\n");
      }
    }
  } catch (const Error& error) {
    environment.out("destination: none: " + std::string(error.what()) + "\n");
  }
}

int run_config_explain(Environment& environment, const CommandLine& line) {
  const Input input = choose_input(environment, line, false);
  const std::optional<Config> config = read_config(environment, line);
  if (config) {
    environment.out("config: " + quoted(config->path, 4096) + "\n");
    print_rules(environment, *config, input.name);
    print_destination(environment, *config, line.options.words[0]);
  } else {
    environment.out("config: none\n");
  }
  const Stores stores = choose_stores(line, input.name, config);
  const Metadata metadata = new_metadata(environment, line, config, input.name, stores.input->id());
  print_recipients(environment, line.options, metadata);
  print_sealing(environment, metadata, stores);
  return 0;
}

constexpr auto flags = joined(config_flag, recipient_flags, context_flag, selector_flags, type_flags, own_flags);

}  // namespace

constinit const Command config_explain_command = {
    "explain",
    "PATH",
    "say which rule takes a file and why",
    "See for whom a file would be encrypted; it need not exist:\n"
    "    leafseal config explain prod/db.yaml\n",
    flags,
    run_config_explain,
};

}  // namespace leafseal::cli
