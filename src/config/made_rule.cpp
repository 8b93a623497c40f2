#include "config/made_rule.hpp"

#include "config/rule_recipients.hpp"

namespace leafseal::config {
namespace {

// A selector that does not compile would leave every secret in plaintext (security.md C1).
void check_selectors(const Model& model, const RuleModel& rule) {
  if (rule.selectors.size() > 1) {
    throw Error(ExitCode::generic,
                "error loading config: cannot use more than one of encrypted_suffix, unencrypted_suffix, "
                "encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex for the "
                "same rule",
                model.tree.place(*rule.selectors[1].node));
  }
  for (const SelectorField& selector : rule.selectors) {
    const std::string broken = Selection(selector.rule).broken();
    if (broken.empty()) continue;
    throw Error(ExitCode::conflicting_parameters,
                "error loading config: the rule's " + std::string(selection_field(selector.rule.kind)) +
                    " would seal nothing: " + quoted(broken),
                model.tree.place(*selector.node), {"selectors are RE2 regular expressions"});
  }
}

}  // namespace

CreationRule made_rule(const Model& model, const RuleModel& rule) {
  check_selectors(model, rule);
  CreationRule made;
  made.keys = {rule_groups(model, rule), rule.shamir_threshold};
  for (const SelectorField& selector : rule.selectors) made.selections.push_back(selector.rule);
  made.mac_only_encrypted = rule.mac_only_encrypted;
  made.place = model.tree.place(*rule.node);
  return made;
}

Error with_location(const Error& error, const std::string& path) {
  Error copy = error;
  if (error.place().line == 0) return copy;
  std::string where = "see " + quoted(path) + ", line " + std::to_string(error.place().line);
  if (error.place().column != 0) where += ", column " + std::to_string(error.place().column);
  copy.hint(where);
  return copy;
}

}  // namespace leafseal::config
