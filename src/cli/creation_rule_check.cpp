#include "cli/creation_rule_check.hpp"

#include <algorithm>
#include <set>

#include "leafseal/path.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {
namespace {

using Names = std::set<std::string>;

void tell(const Environment& environment, const std::string& text, const std::string& hint) {
  if (environment.strict) throw Error(ExitCode::strict_refusal, text, {hint});
  environment.warn_secrecy(text);
}

std::vector<Names> names_by_group(const KeyGroups& keys) {
  std::vector<Names> names;
  for (const KeyGroup& group : keys.groups) {
    Names& of_group = names.emplace_back();
    for (const RecipientEntry& entry : group.entries) of_group.insert(entry.id());
  }
  return names;
}

Names all_names(const std::vector<Names>& groups) {
  Names all;
  for (const Names& group : groups) all.insert(group.begin(), group.end());
  return all;
}

std::string missing_from(const Names& some, const Names& others) {
  std::string list;
  for (const std::string& name : some) {
    if (!others.contains(name)) list += (list.empty() ? "" : ", ") + quoted(name);
  }
  return list;
}

std::string listed(const std::vector<std::string>& paths) {
  constexpr std::size_t most = 200;
  std::string list;
  for (std::size_t i = 0; i < std::min(paths.size(), most); ++i) list += (i == 0 ? "" : ", ") + quoted(paths[i]);
  return paths.size() > most ? list + " and " + std::to_string(paths.size() - most) + " more" : list;
}

}  // namespace

std::optional<CreationRule> rule_to_compare(const Environment& environment, const std::optional<Config>& config,
                                            const std::string& file) {
  if (!config) return std::nullopt;
  try {
    return config->rule_for(file);
  } catch (const Error& error) {
    if (environment.strict || environment.verbose) environment.warn("the file is not compared with a creation rule: " + std::string(error.what()));
    return std::nullopt;
  }
}

KeyGroups in_versions_of(const KeyGroups& file, KeyGroups rule) {
  for (KeyGroup& group : rule.groups) {
    for (RecipientEntry& wanted : group.entries) {
      for (const KeyGroup& of_file : file.groups) {
        const auto found = std::find_if(of_file.entries.begin(), of_file.entries.end(),
                                        [&](const RecipientEntry& entry) { return wanted.means(entry); });
        if (found != of_file.entries.end()) wanted = *found;
      }
    }
  }
  return rule;
}

void compare_recipients(const Environment& environment, const std::optional<CreationRule>& rule, const KeyGroups& keys) {
  if (!rule) return;
  const std::vector<Names> written = names_by_group(keys), wanted = names_by_group(in_versions_of(keys, rule->keys));
  if (written == wanted) return;
  const std::string added = missing_from(all_names(written), all_names(wanted));
  const std::string absent = missing_from(all_names(wanted), all_names(written));
  std::string text = "the recipients are not those of the creation rule:";
  if (!added.empty()) text += " it does not name " + added;
  if (!absent.empty()) text += std::string(added.empty() ? "" : ";") + " it also names " + absent;
  if (added.empty() && absent.empty()) text += " their key groups differ";
  tell(environment, text, "bring the file in line with `updatekeys`, or change the rule");
}

void compare_selection(const Environment& environment, const std::optional<CreationRule>& rule, const Format& format,
                       const std::string& sealed, LeafCipher& cipher) {
  if (!rule || format.opaque()) return;
  const SelectionRule wanted = rule->selections.empty() ? SelectionRule() : rule->selections[0];
  Document document = format.parse(sealed, ParseMode::sealed);
  const Metadata metadata = read_metadata(document);
  if (metadata.selection == wanted) return;
  environment.warn("the selection of this file is not that of its creation rule");
  const std::vector<std::string> exposed = left_in_clear(std::move(document), metadata, cipher, Selection(wanted));
  if (exposed.empty()) return;
  tell(environment, "stored in clear, though the creation rule would encrypt it: " + listed(exposed),
       "the file's selection is " + std::string(selection_field(metadata.selection.kind)) + ": " +
           quoted(metadata.selection.pattern) + "; seal the file anew under the rule, or change the rule");
}

std::string recipient_names(const KeyGroups& keys) {
  std::string text;
  for (std::size_t i = 0; i < keys.groups.size(); ++i) {
    if (i > 0) text += "; ";
    if (keys.groups.size() > 1) text += "group " + std::to_string(i + 1) + ": ";
    for (std::size_t j = 0; j < keys.groups[i].entries.size(); ++j) {
      text += (j == 0 ? "" : ", ") + quoted(keys.groups[i].entries[j].id());
    }
  }
  return text;
}

}  // namespace leafseal::cli
