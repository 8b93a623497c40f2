#include "cli/key_plan.hpp"

#include <algorithm>

#include "base/style.hpp"
#include "leafseal/error.hpp"
#include "recipients/wrapped_form.hpp"

namespace leafseal::cli {
namespace {

bool holds(const KeyGroup& group, const RecipientEntry& wanted) {
  return std::any_of(group.entries.begin(), group.entries.end(),
                     [&](const RecipientEntry& entry) { return entry.id() == wanted.id(); });
}

GroupDifference difference(const KeyGroup& file, const KeyGroup& rule) {
  GroupDifference out;
  for (const RecipientEntry& entry : rule.entries) (holds(file, entry) ? out.common : out.added).push_back(entry.id());
  for (const RecipientEntry& entry : file.entries) {
    if (!holds(rule, entry)) out.removed.push_back(entry.id());
  }
  return out;
}

KeyGroup merged(const KeyGroup& file, const KeyGroup& rule, const std::string& now) {
  KeyGroup out;
  std::copy_if(file.entries.begin(), file.entries.end(), std::back_inserter(out.entries),
               [&](const RecipientEntry& entry) { return holds(rule, entry); });
  for (RecipientEntry entry : rule.entries) {
    if (holds(file, entry)) continue;
    if (entry.kind != RecipientKind::age) entry.fields.emplace_back("created_at", now);
    out.entries.push_back(std::move(entry));
  }
  return out;
}

// The file's own threshold counts, as far as there are groups for it. One below 2 tells nothing about a file whose key
// will be split.
int threshold(const KeyGroups& file, const KeyGroups& rule) {
  const auto groups = static_cast<int>(rule.groups.size());
  if (groups > 1 && file.threshold < 2) return rule.threshold != 0 ? rule.threshold : groups;
  return std::min(file.threshold, groups);
}

const KeyGroup& group_at(const KeyGroups& keys, std::size_t index) {
  static const KeyGroup none;
  return index < keys.groups.size() ? keys.groups[index] : none;
}

std::string text_of(std::string_view mark, const std::string& id) { return std::string(mark) + quoted(id, 4096); }

}  // namespace

bool KeyPlan::adds() const {
  return std::any_of(groups.begin(), groups.end(), [](const GroupDifference& group) { return !group.added.empty(); });
}

bool KeyPlan::removes() const {
  return std::any_of(groups.begin(), groups.end(), [](const GroupDifference& group) { return !group.removed.empty(); });
}

std::vector<GroupDifference> group_differences(const KeyGroups& file, const KeyGroups& rule) {
  std::vector<GroupDifference> groups;
  for (std::size_t i = 0; i < std::max(file.groups.size(), rule.groups.size()); ++i) {
    groups.push_back(difference(group_at(file, i), group_at(rule, i)));
  }
  return groups;
}

std::string shown(const std::vector<GroupDifference>& groups, bool colour) {
  std::string text;
  const auto look = [&](const std::string& line, Style style) { text += styled(line, style, colour) + "\n"; };
  for (std::size_t i = 0; i < groups.size(); ++i) {
    look("Group " + std::to_string(i + 1), Style::underlined);
    for (const std::string& id : groups[i].common) text += text_of("    ", id) + "\n";
    for (const std::string& id : groups[i].added) look(text_of("+++ ", id), Style::green);
    for (const std::string& id : groups[i].removed) look(text_of("--- ", id), Style::red);
  }
  return text;
}

KeyPlan plan_keys(const KeyGroups& file, const KeyGroups& rule, const std::string& now) {
  KeyPlan plan;
  plan.change.before = file;
  plan.change.after.threshold = threshold(file, rule);
  plan.groups = group_differences(file, rule);
  for (std::size_t i = 0; i < rule.groups.size(); ++i) {
    plan.change.after.groups.push_back(merged(group_at(file, i), rule.groups[i], now));
    plan.change.origin.push_back(i < file.groups.size() ? i : GroupChange::added);
  }
  drop_malformed(plan.change.after);
  return plan;
}

std::string shown(const KeyPlan& plan, bool colour) {
  std::string text = "The following changes will be made to the file's groups:\n";
  const auto plain = [&](const std::string& line) { text += line + "\n"; };
  const auto look = [&](const std::string& line, Style style) { text += styled(line, style, colour) + "\n"; };
  const int before = plan.change.before.threshold, after = plan.change.after.threshold;
  const std::string name = "shamir_threshold: ";
  if (before == after) {
    if (after > 0) plain(name + std::to_string(after));
  } else {
    if (after > 0) look("+++ " + name + std::to_string(after), Style::green);
    if (before > 0) look("--- " + name + std::to_string(before), Style::red);
  }
  return text + shown(plan.groups, colour);
}

void drop_malformed(KeyGroups& keys) {
  for (KeyGroup& group : keys.groups) {
    for (RecipientEntry& entry : group.entries) {
      if (!wrapped_form_problem(entry).empty()) entry.enc.clear();
    }
  }
}

}  // namespace leafseal::cli
