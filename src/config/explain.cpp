#include "config/explain.hpp"

#include "config/config_model.hpp"

namespace leafseal::config {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool both_in_a_name(std::string_view path, std::size_t at) {
  return at > 0 && at < path.size() && is_name_character(path[at - 1]) && is_name_character(path[at]);
}

RuleVerdict verdict_on(const Model& model, const RuleModel& rule, std::string_view path) {
  RuleVerdict verdict{model.tree.place(*rule.node), Verdict::not_found, rule.path_regex, 0, 0, {}};
  if (rule.path_regex.empty()) {
    verdict.verdict = Verdict::every_file;
    return verdict;
  }
  try {
    if (const auto part = taken_part(model, rule, path)) {
      verdict.verdict = Verdict::found;
      verdict.part_begin = static_cast<std::size_t>(part->data() - path.data());
      verdict.part_size = part->size();
    }
  } catch (const Error& error) {
    verdict.verdict = Verdict::broken;
    verdict.problem = error.what();
  }
  return verdict;
}

}  // namespace

std::vector<RuleVerdict> explain(const Config& config, const std::string& absolute_file) {
  std::vector<RuleVerdict> verdicts;
  if (!config.has_rules) return verdicts;
  const std::string_view path = config.subject(absolute_file);
  bool ended = false;
  for (const RuleModel& rule : *config.model->rules) {
    if (ended) {
      verdicts.push_back({config.model->tree.place(*rule.node), Verdict::not_asked, rule.path_regex, 0, 0, {}});
      continue;
    }
    verdicts.push_back(verdict_on(*config.model, rule, path));
    ended = verdicts.back().verdict != Verdict::not_found;
  }
  return verdicts;
}

bool found_inside_a_name(std::string_view path, const RuleVerdict& verdict) {
  if (verdict.verdict != Verdict::found || verdict.part_size == 0) return false;
  return both_in_a_name(path, verdict.part_begin) || both_in_a_name(path, verdict.part_begin + verdict.part_size);
}

}  // namespace leafseal::config
