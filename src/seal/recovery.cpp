#include "seal/recovery.hpp"

#include <algorithm>
#include <future>
#include <tuple>
#include <utility>

#include "crypto/shamir.hpp"

namespace leafseal {
namespace {

constexpr std::size_t data_key_size = 32;
constexpr std::size_t most_at_once = 8;  // requests to services

}  // namespace

Recovery::Recovery(const KeyGroups& groups, const DecryptionOrder& order, const RecipientRegistry& registry)
    : groups_(groups), order_(order), registry_(registry), split_(groups.groups.size() > 1),
      outcomes_(groups.groups.size()) {}

RecoveredKey Recovery::run(const std::vector<std::size_t>& wanted) {
  ask(wanted, wanted.size());
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < groups_.groups.size(); ++i) {
    if (std::find(wanted.begin(), wanted.end(), i) == wanted.end()) others.push_back(i);
  }
  ask(others, needed_groups() - std::min(needed_groups(), parts_.size()));
  if (split_) {
    SecretBytes key = combined();
    return {std::move(key), std::move(parts_)};
  }
  if (parts_.empty()) throw failure();
  return {std::move(parts_.begin()->second), {}};
}

// Two shares at least: a threshold below that is not one that any document was written with. Without a threshold, all.
std::size_t Recovery::needed_groups() const {
  if (!split_ || groups_.threshold <= 0) return groups_.groups.size();
  return static_cast<std::size_t>(std::max(groups_.threshold, 2));
}

std::vector<Recovery::Question> Recovery::questions_to(const std::vector<std::size_t>& groups) const {
  std::vector<Question> questions;
  for (const std::size_t group : groups) {
    for (const RecipientEntry& entry : groups_.groups[group].entries) {
      const auto rank = std::find(order_.kinds.begin(), order_.kinds.end(), kind_name(entry.kind)) - order_.kinds.begin();
      questions.push_back({group, &entry, registry_.make(entry), static_cast<std::size_t>(rank), UnwrapCost::asks});
    }
  }
  if (!order_.chosen && questions.size() > 1) {
    for (Question& question : questions) question.cost = question.recipient->unwrap_cost();
  }
  std::stable_sort(questions.begin(), questions.end(), [](const Question& a, const Question& b) {
    return std::tie(a.cost, a.rank) < std::tie(b.cost, b.rank);
  });
  return questions;
}

// The next question and, where that goes to a service, those to services of other groups along with it: `most` at most.
// `first` moves to it: all before it is settled.
std::vector<const Recovery::Question*> Recovery::next_round(const std::vector<Question>& questions,
                                                            std::vector<bool>& asked, std::size_t& first,
                                                            std::size_t most) const {
  const auto settled = [&](std::size_t i) { return asked[i] || outcomes_[questions[i].group].opened; };
  while (first < questions.size() && settled(first)) ++first;
  std::vector<const Question*> round;
  std::vector<bool> busy(groups_.groups.size());
  for (std::size_t i = first; i < questions.size() && round.size() < most; ++i) {
    const Question& question = questions[i];
    if (i > first && question.cost != UnwrapCost::service) break;
    if (settled(i) || busy[question.group]) continue;
    busy[question.group] = asked[i] = true;
    round.push_back(&question);
    if (question.cost != UnwrapCost::service) break;
  }
  return round;
}

void Recovery::ask(const std::vector<std::size_t>& groups, std::size_t needed) {
  if (needed == 0 || groups.empty()) return;
  const std::vector<Question> questions = questions_to(groups);
  const std::size_t enough = parts_.size() + needed;
  std::vector<bool> asked(questions.size());
  std::size_t first = 0;
  while (parts_.size() < enough) {
    const auto round = next_round(questions, asked, first, std::min(enough - parts_.size(), most_at_once));
    if (round.empty()) return;
    const auto put = [](const Question* question) { return question->recipient->unwrap(question->entry->enc); };
    std::vector<std::future<UnwrapResult>> answers;
    for (std::size_t i = 1; i < round.size(); ++i) answers.push_back(std::async(std::launch::async, put, round[i]));
    take(*round[0], put(round[0]));
    for (std::size_t i = 1; i < round.size(); ++i) take(*round[i], answers[i - 1].get());
  }
}

void Recovery::take(const Question& question, UnwrapResult result) {
  GroupOutcome& outcome = outcomes_[question.group];
  const std::size_t size = data_key_size + (split_ ? 1 : 0);
  if (auto* part = std::get_if<SecretBytes>(&result)) {
    if (part->size() == size) {
      parts_.emplace(question.group, std::move(*part));
      outcome.opened = true;
      return;
    }
    outcome.failures.push_back({question.entry->id(),
                                {"the wrapped key holds " + std::to_string(part->size()) + " bytes instead of " +
                                 std::to_string(size)}});
    return;
  }
  outcome.failures.push_back({question.entry->id(), {}});
  FailedRecipient& failed = outcome.failures.back();
  note(std::get<UnwrapFailure>(result), failed);
}

void Recovery::note(const UnwrapFailure& failure, FailedRecipient& failed) {
  failed.reasons.push_back(failure.reason);
  if (!failure.hint.empty() && std::find(hints_.begin(), hints_.end(), failure.hint) == hints_.end()) {
    hints_.push_back(failure.hint);
  }
  for (const UnwrapFailure& next : failure.further) note(next, failed);
}

SecretBytes Recovery::combined() {
  if (groups_.threshold > 0 && parts_.size() < static_cast<std::size_t>(groups_.threshold)) throw failure();
  try {
    std::vector<SecretBytes> shares;
    for (const auto& [group, share] : parts_) shares.push_back(share.clone());
    return shamir::combine(shares);
  } catch (const Error& error) {
    throw error.under(ExitCode::could_not_retrieve_key, "could not get data key from shamir parts: ");
  }
}

RecoveryFailure Recovery::failure() const {
  return {failure_report(outcomes_, groups_.threshold), hints_, groups_.threshold, parts_.size()};
}

}  // namespace leafseal
