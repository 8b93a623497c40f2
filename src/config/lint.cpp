#include "config/lint.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "config/config_model.hpp"
#include "config/pattern_cover.hpp"
#include "config/rule_recipients.hpp"
#include "recipients/recipient_syntax.hpp"

namespace leafseal::config {
namespace {

constexpr std::size_t finding_limit = 500;  // telling the place of each costs a look at the whole text

class Linter {
 public:
  explicit Linter(std::string_view text) : model_(text) {}

  std::vector<LintFinding> run() {
    Decoder decoder(model_.tree);
    try {
      read_model(model_, decoder);
    } catch (const Error& error) {
      findings_.push_back({error.place(), false, error.what()});
    }
    well_typed_ = findings_.empty() && decoder.problems().empty();
    for (const Remark& problem : decoder.problems()) findings_.push_back({problem.place, false, problem.text});
    for (const Remark& unknown : decoder.unknown_keys()) {
      findings_.push_back({unknown.place, unknown.text.find("did you mean") == std::string::npos, unknown.text});
    }
    if (model_.rules) rules();
    if (!model_.rules && well_typed_) {
      findings_.push_back({{1, 1}, true, "there are no creation_rules: recipients must be named with each new file"});
    }
    for (const DestinationModel& rule : model_.destinations) destination(rule);
    std::stable_sort(findings_.begin(), findings_.end(), [](const LintFinding& a, const LintFinding& b) {
      return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    return std::move(findings_);
  }

 private:
  void rules() {
    if (model_.rules->empty()) error(*model_.rules_node, "creation_rules is empty: no file can be encrypted");
    for (const RuleModel& rule : *model_.rules) {
      const bool good_pattern = rule.path_regex.empty() || compiles(rule.path_regex, *rule.path_regex_node);
      if (good_pattern) {
        reachable(rule, creation_order_);
        anchored(rule);
      }
      selectors(rule);
      recipients(rule);
      threshold(rule);
    }
  }

  bool compiles(const std::string& pattern, const YamlNode& node) {
    try {
      PathPattern compiled(pattern);
      return true;
    } catch (const Error& problem) {
      error(node, problem.what() + (problem.hints().empty() ? std::string() : "; " + problem.hints()[0]));
      return false;
    }
  }

  void destination(const DestinationModel& rule) {
    if (rule.path_regex.empty() || compiles(rule.path_regex, *rule.path_regex_node)) {
      reachable(rule, destination_order_);
    }
    std::vector<const DestinationPlace*> places;
    for (const DestinationPlace* place : {&rule.s3, &rule.gcs, &rule.vault}) {
      if (place->kind != DestinationKind::none) places.push_back(place);
    }
    if (places.size() > 1) error(*rule.node, "this rule names more than one destination: no file can be published by it");
    if (places.empty()) error(*rule.node, "this rule names no destination: s3_bucket, gcs_bucket or vault_path");
    if (rule.recreation.node == nullptr) return;
    selectors(rule.recreation);
    threshold(rule.recreation);
    if (!rule.recreation.groups.empty() || has_plain_recipients(rule.recreation)) {
      recipients(rule.recreation);
    } else {
      warning(*rule.recreation.node, "recreation_rule names no recipient: files are published as they are");
    }
    if (rule.vault.kind != DestinationKind::none) {
      warning(*rule.recreation.node, "recreation_rule has no effect on Vault, which gets the values decrypted");
    }
  }

  // The rules so far whose pattern compiles, in the order in which they are asked.
  struct Order {
    PatternCover cover;
    std::vector<const PathRule*> rules;
  };

  // A rule behind others that take every file it would take decides nothing.
  void reachable(const PathRule& rule, Order& before) {
    const PatternCover::Answer answer = before.cover.asked(rule.path_regex);
    if (answer.covered) {
      error(*rule.node, "this rule never decides: every file it would take is taken by " +
                            (answer.by ? "the one at line " + line_of(*before.rules[*answer.by]->node)
                                       : std::string("those before it together")));
    }
    before.cover.add(rule.path_regex);
    before.rules.push_back(&rule);
  }

  void anchored(const RuleModel& rule) {
    const LooseEnds ends = loose_ends(rule.path_regex);
    if (!ends.front && !ends.back) return;
    std::string text = "path_regex " + quoted(rule.path_regex, 80) + " is not anchored";
    text += ends.front && ends.back ? ": it is found inside longer names"
            : ends.front            ? " in front: it is found at the end of longer names"
                                    : " behind: it is found at the begin of longer names";
    if (!ends.example.empty() && PathPattern(rule.path_regex).find(ends.example)) {
      text += ", and takes " + quoted(ends.example, 80) + " too";
    }
    text += ends.front ? "; begin it with ^ or (^|/)" : "; end it with / or $";
    warning(*rule.path_regex_node, text);
  }

  void selectors(const RuleModel& rule) {
    for (std::size_t i = 1; i < rule.selectors.size(); ++i) {
      error(*rule.selectors[i].node,
            "a second selector: " + std::string(selection_field(rule.selectors[i].rule.kind)) + " cannot stand beside " +
                std::string(selection_field(rule.selectors[0].rule.kind)));
    }
    for (const SelectorField& selector : rule.selectors) {
      const std::string broken = Selection(selector.rule).broken();
      if (broken.empty()) continue;
      error(*selector.node, std::string(selection_field(selector.rule.kind)) + " would seal nothing: " + quoted(broken));
    }
  }

  void recipients(const RuleModel& rule) {
    const auto groups = named_recipients(rule);
    if (!rule.groups.empty() && has_plain_recipients(rule)) {
      warning(*rule.group_nodes[0], "key_groups takes the place of the rule's other recipients: they are ignored");
    }
    std::map<std::pair<RecipientKind, std::string>, std::size_t> group_of;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      std::set<std::pair<RecipientKind, std::string>> seen;
      for (const NamedRecipient& named : groups[i]) {
        if (!named.entry) {
          error(*named.node, named.problem);
          continue;
        }
        if (std::string flaw = syntax_flaw(*named.entry); !flaw.empty()) error(*named.node, flaw);
        const auto key = std::pair(named.entry->kind, named.entry->id());
        const auto [first, fresh] = group_of.emplace(key, i);
        if (!seen.insert(key).second) {
          warning(*named.node, "the recipient " + quoted(key.second, 80) + " stands twice in one group");
        } else if (!fresh && first->second != i) {
          warning(*named.node, "the recipient " + quoted(key.second, 80) + " stands in group " +
                                   std::to_string(first->second + 1) + " too, and so holds two shares");
        }
      }
      if (!groups[i].empty()) continue;
      if (rule.groups.empty() && well_typed_) {
        warning(*rule.node, "this rule names no recipient: files need --age, --pgp or the like");
      } else if (!rule.groups.empty()) {
        error(*rule.group_nodes[i], "this key group is empty: nothing can be encrypted");
      }
    }
  }

  static bool has_plain_recipients(const RuleModel& rule) {
    if (!rule.hckms.empty()) return true;
    return std::any_of(rule.recipients.begin(), rule.recipients.end(), [](const YamlNode* node) {
      return node != nullptr && node->type != YamlType::null && (!node->is_scalar() ? !node->items.empty() : !node->text.empty());
    });
  }

  void threshold(const RuleModel& rule) {
    const auto groups = static_cast<int>(rule.groups.size());
    const int threshold = rule.shamir_threshold;
    if (threshold == 0) return;
    const std::string text = "shamir_threshold " + std::to_string(threshold);
    if (threshold < 0 || (groups > 1 && threshold > groups)) {
      error(*rule.shamir_threshold_node, text + " is out of range: there are " + std::to_string(groups) + " key groups");
    } else if (groups > 1 && threshold < 2) {
      error(*rule.shamir_threshold_node, text + " is out of range: at least 2 groups are needed");
    } else if (groups <= 1) {
      warning(*rule.shamir_threshold_node, text + " has no effect without two key groups");
    }
  }

  std::string line_of(const YamlNode& node) const { return std::to_string(model_.tree.place(node).line); }
  void error(const YamlNode& node, std::string text) { add(node, false, std::move(text)); }
  void warning(const YamlNode& node, std::string text) { add(node, true, std::move(text)); }
  void add(const YamlNode& node, bool is_warning, std::string text) {
    if (findings_.size() < finding_limit) findings_.push_back({model_.tree.place(node), is_warning, std::move(text)});
  }

  Model model_;
  std::vector<LintFinding> findings_;
  bool well_typed_ = true;  // what could not be read may be what seems to be missing
  Order creation_order_;
  Order destination_order_;
};

}  // namespace

std::vector<LintFinding> lint(std::string_view text) {
  try {
    return Linter(text).run();
  } catch (const Error& error) {  // no YAML at all
    return {{error.place(), false, error.what()}};
  }
}

}  // namespace leafseal::config
