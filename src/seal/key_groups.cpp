#include "leafseal/key_groups.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "crypto/shamir.hpp"
#include "leafseal/error.hpp"
#include "seal/failure_report.hpp"
#include "seal/wrap_entries.hpp"

namespace leafseal {
namespace {

constexpr std::size_t data_key_size = 32;

// The indices of a group's entries in the order in which they are tried.
std::vector<std::size_t> attempt_order(const KeyGroup& group, const DecryptionOrder& order) {
  std::vector<std::size_t> indices(group.entries.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  const auto rank = [&](std::size_t index) {
    return std::find(order.kinds.begin(), order.kinds.end(), kind_name(group.entries[index].kind)) -
           order.kinds.begin();
  };
  std::stable_sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return indices;
}

// One recovery: what came out of each group, and the hints met on the way.
class Recovery {
 public:
  Recovery(const KeyGroups& groups, const DecryptionOrder& order, const RecipientRegistry& registry)
      : groups_(groups), order_(order), registry_(registry), split_(groups.groups.size() > 1) {}

  RecoveredKey run(const std::vector<std::size_t>& wanted) {
    for (const std::size_t index : wanted) try_group(index);
    for (std::size_t i = 0; i < groups_.groups.size() && !enough(); ++i) {
      if (std::find(wanted.begin(), wanted.end(), i) == wanted.end()) try_group(i);
    }
    if (split_) {
      SecretBytes key = combined();
      return {std::move(key), std::move(parts_)};
    }
    if (parts_.empty()) throw failure();
    return {std::move(parts_.begin()->second), {}};
  }

 private:
  // Two shares at least: a threshold below that is not one that any document was written with.
  bool enough() const {
    return split_ && groups_.threshold > 0 && parts_.size() >= static_cast<std::size_t>(std::max(groups_.threshold, 2));
  }

  void try_group(std::size_t number) {
    const KeyGroup& group = groups_.groups[number];
    GroupOutcome& outcome = outcomes_[number];
    for (const std::size_t index : attempt_order(group, order_)) {
      const RecipientEntry& entry = group.entries[index];
      UnwrapResult result = registry_.make(entry)->unwrap(entry.enc);
      if (auto* part = std::get_if<SecretBytes>(&result); part != nullptr && fits(*part)) {
        parts_.emplace(number, std::move(*part));
        outcome.opened = true;
        return;
      } else if (part != nullptr) {
        outcome.failures.push_back({entry.id(), {wrong_size(part->size())}});
      } else {
        FailedRecipient& failed = outcome.failures.emplace_back(entry.id(), std::vector<std::string>());
        note(std::get<UnwrapFailure>(result), failed);
      }
    }
  }

  void note(const UnwrapFailure& failure, FailedRecipient& failed) {
    failed.reasons.push_back(failure.reason);
    add_hint(failure.hint);
    for (const UnwrapFailure& next : failure.further) note(next, failed);
  }

  std::size_t part_size() const { return data_key_size + (split_ ? 1 : 0); }
  bool fits(const SecretBytes& part) const { return part.size() == part_size(); }
  std::string wrong_size(std::size_t size) const {
    return "the wrapped key holds " + std::to_string(size) + " bytes instead of " + std::to_string(part_size());
  }

  void add_hint(std::string hint) {
    if (!hint.empty() && std::find(hints_.begin(), hints_.end(), hint) == hints_.end()) {
      hints_.push_back(std::move(hint));
    }
  }

  SecretBytes combined() {
    if (groups_.threshold > 0 && parts_.size() < static_cast<std::size_t>(groups_.threshold)) throw failure();
    try {
      std::vector<SecretBytes> shares;
      for (const auto& [group, share] : parts_) shares.push_back(share.clone());
      return shamir::combine(shares);
    } catch (const Error& error) {
      throw error.under(ExitCode::could_not_retrieve_key, "could not get data key from shamir parts: ");
    }
  }

  RecoveryFailure failure() const {
    std::vector<GroupOutcome> outcomes;
    for (const auto& [group, outcome] : outcomes_) outcomes.push_back(outcome);
    return {failure_report(outcomes, groups_.threshold), hints_, groups_.threshold, parts_.size()};
  }

  const KeyGroups& groups_;
  const DecryptionOrder& order_;
  const RecipientRegistry& registry_;
  const bool split_;
  std::map<std::size_t, SecretBytes> parts_;      // by group
  std::map<std::size_t, GroupOutcome> outcomes_;  // of the groups that were tried
  std::vector<std::string> hints_;
};

}  // namespace

DecryptionOrder DecryptionOrder::parse(std::string_view list) {
  DecryptionOrder order;
  if (list.empty()) return order;
  order.kinds.clear();
  while (true) {
    const std::size_t comma = list.find(',');
    std::string kind(list.substr(0, comma));
    if (std::find(order.kinds.begin(), order.kinds.end(), kind) != order.kinds.end()) {
      throw Error(ExitCode::duplicate_decryption_type, "Duplicate decryption key type: " + quoted(kind));
    }
    order.kinds.push_back(std::move(kind));
    if (comma == std::string_view::npos) return order;
    list.remove_prefix(comma + 1);
  }
}

std::string wrap_checked(const RecipientEntry& entry, const SecretBytes& part, const RecipientRegistry& registry) {
  const std::unique_ptr<Recipient> recipient = registry.make(entry);
  std::string enc = recipient->wrap(part);
  const std::optional<UnwrapResult> again = recipient->unwrap_at_hand(enc);
  if (!again) return enc;
  const SecretBytes* const opened = std::get_if<SecretBytes>(&*again);
  if (opened != nullptr && *opened == part) return enc;
  throw Error(ExitCode::generic,
              "the wrapped key does not open to the data key again" +
                  (opened != nullptr ? std::string() : ": " + std::get<UnwrapFailure>(*again).reason),
              {"nothing was written: the identity file of this recipient is damaged, or this is a fault to report"});
}

void wrap_all(KeyGroups& groups, const SecretBytes& data_key, const RecipientRegistry& registry) {
  for (KeyGroup& group : groups.groups) {
    for (RecipientEntry& entry : group.entries) entry.enc.clear();
  }
  wrap_afresh(groups, data_key, registry, "Could not generate data key: ");
}

SecretBytes recover(const KeyGroups& groups, const DecryptionOrder& order, const RecipientRegistry& registry) {
  return Recovery(groups, order, registry).run({}).data_key;
}

RecoveredKey recover_shares(const KeyGroups& groups, const DecryptionOrder& order, const RecipientRegistry& registry,
                            const std::vector<std::size_t>& wanted) {
  return Recovery(groups, order, registry).run(wanted);
}

}  // namespace leafseal
