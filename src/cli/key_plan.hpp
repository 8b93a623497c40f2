// KeyPlan: what brings the recipients of a sealed file in line with a creation rule, as `updatekeys` shows it and then
// does it (spec: cli.md 3.7). Groups are compared by position, recipients by their string form. Who stays keeps his
// place and his wrapped key; who comes goes behind the others of his kind.
#pragma once

#include <string>
#include <vector>

#include "leafseal/group_change.hpp"

namespace leafseal::cli {

struct GroupDifference {
  std::vector<std::string> common, added, removed;
};

// Of each group of either, by position.
std::vector<GroupDifference> group_differences(const KeyGroups& file, const KeyGroups& rule);
// The same as the reference prints it, a line a recipient, with its colours if `colour`.
std::string shown(const std::vector<GroupDifference>& groups, bool colour);

struct KeyPlan {
  GroupChange change;  // its thresholds are the file's and the one that will be stored
  std::vector<GroupDifference> groups;

  bool adds() const;
  bool removes() const;
  bool changes_threshold() const { return change.before.threshold != change.after.threshold; }
  bool empty() const { return !adds() && !removes() && !changes_threshold(); }
};

// `now`: the date of recipients that are added.
KeyPlan plan_keys(const KeyGroups& file, const KeyGroups& rule, const std::string& now);

// The plan as the reference prints it, with its colours if `colour`.
std::string shown(const KeyPlan& plan, bool colour);

// Takes away wrapped keys that have not the form of their kind, so that they are made anew: nobody could open them.
void drop_malformed(KeyGroups& keys);

}  // namespace leafseal::cli
