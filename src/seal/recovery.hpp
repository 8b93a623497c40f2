// Recovery: the way from key groups to the data key. Recipients are asked in the order of what it costs the user, over
// all groups: what is at hand, then services, then whatever may prompt; each group until one of its recipients answers,
// and no group once enough are open. An order that the user chose takes the place of the costs (spec: recipients.md
// 1.3, cli.md 2.1).
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "leafseal/key_groups.hpp"
#include "seal/failure_report.hpp"

namespace leafseal {

class Recovery {
 public:
  // All must outlive the object, which serves for one run().
  Recovery(const KeyGroups& groups, const DecryptionOrder& order, const RecipientRegistry& registry);

  // Asks all groups of `wanted` first, then others until the threshold. Throws RecoveryFailure, or Error where the
  // shares make no key.
  RecoveredKey run(const std::vector<std::size_t>& wanted);

 private:
  // One recipient that may be asked.
  struct Question {
    std::size_t group;
    const RecipientEntry* entry;
    std::unique_ptr<Recipient> recipient;
    std::size_t rank;  // of its kind in the order
    UnwrapCost cost;
  };

  std::vector<Question> questions_to(const std::vector<std::size_t>& groups) const;
  std::vector<const Question*> next_round(const std::vector<Question>& questions, std::vector<bool>& asked,
                                          std::size_t& first, std::size_t most) const;
  // Until `needed` more groups are open.
  void ask(const std::vector<std::size_t>& groups, std::size_t needed);
  void take(const Question& question, UnwrapResult result);
  void note(const UnwrapFailure& failure, FailedRecipient& failed);
  std::size_t needed_groups() const;
  SecretBytes combined();
  RecoveryFailure failure() const;

  const KeyGroups& groups_;
  const DecryptionOrder& order_;
  const RecipientRegistry& registry_;
  const bool split_;
  std::map<std::size_t, SecretBytes> parts_;  // by group
  std::vector<GroupOutcome> outcomes_;        // by group
  std::vector<std::string> hints_;
};

}  // namespace leafseal
