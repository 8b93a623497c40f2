#include "leafseal/group_change.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "crypto/shamir.hpp"
#include "seal/wrap_entries.hpp"

namespace leafseal {
namespace {

int needed_groups(const KeyGroups& keys) {
  return keys.threshold == 0 ? static_cast<int>(keys.groups.size()) : keys.threshold;
}

// Whether the shares that are there already are those of the future. A document that states no threshold does not tell
// what its polynomial is.
bool keeps_polynomial(const GroupChange& change) {
  return change.before.groups.size() > 1 && change.after.groups.size() > 1 && change.before.threshold > 1 &&
         needed_groups(change.after) == change.before.threshold &&
         change.after.groups.size() >= static_cast<std::size_t>(change.before.threshold);
}

bool needs_wrapping(const KeyGroup& group) {
  return std::any_of(group.entries.begin(), group.entries.end(), [](const auto& entry) { return entry.enc.empty(); });
}

// Where the shares of the old groups stand on the polynomial. That of a group which was opened is known. The others
// follow from two facts: whoever splits a key puts group i at x = i + 1, and groups that come or go later leave x in
// ascending order. So as far as the last known group all is as at first if all known groups are, and no group stands
// between that and the next.
class Places {
 public:
  Places(std::size_t groups, const std::map<std::size_t, SecretBytes>& shares) : groups_(groups) {
    std::size_t last = 0;
    for (const auto& [group, share] : shares) {
      const std::size_t x = share.bytes().back();
      as_at_first_ = as_at_first_ && x == group + 1;
      ascending_ = ascending_ && x > last;
      known_[group] = last = x;
    }
  }

  // A point that this group's recipients may share and that no other group has.
  std::optional<std::size_t> of(std::size_t group) const {
    if (const auto found = known_.find(group); found != known_.end()) return found->second;
    if (!as_at_first_ || known_.empty() || group > known_.rbegin()->first + 1) return std::nullopt;
    return group + 1;
  }

  // A point behind all groups.
  std::optional<std::size_t> free() const {
    if (!ascending_ || !known_.contains(groups_ - 1)) return std::nullopt;
    return known_.rbegin()->second + 1;
  }

 private:
  std::size_t groups_;
  std::map<std::size_t, std::size_t> known_;  // x by group
  bool as_at_first_ = true;
  bool ascending_ = true;
};

// The point of each group that has somebody to wrap for, 0 for the others; nothing if one is not certain.
std::optional<std::vector<std::size_t>> points(const GroupChange& change, const std::map<std::size_t, SecretBytes>& shares) {
  const Places places(change.before.groups.size(), shares);
  std::vector<std::size_t> points(change.after.groups.size());
  std::size_t added = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!needs_wrapping(change.after.groups[i])) continue;
    const bool is_new = change.origin[i] == GroupChange::added;
    const auto x = is_new ? places.free() : places.of(change.origin[i]);
    if (!x) return std::nullopt;
    points[i] = is_new ? *x + added++ : *x;
    if (points[i] > 255) return std::nullopt;
  }
  return points;
}

std::vector<SecretBytes> shares_at(const std::vector<std::size_t>& points, const std::map<std::size_t, SecretBytes>& recovered) {
  std::vector<SecretBytes> known;
  for (const auto& [group, share] : recovered) known.push_back(share.clone());
  std::vector<SecretBytes> shares(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i] != 0) shares[i] = shamir::share_at(known, static_cast<std::uint8_t>(points[i]));
  }
  return shares;
}

// The groups whose shares are asked for first: those that get recipients, and the last one before a new one.
std::vector<std::size_t> wanted_groups(const GroupChange& change) {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < change.after.groups.size(); ++i) {
    if (!needs_wrapping(change.after.groups[i])) continue;
    const bool is_new = change.origin[i] == GroupChange::added;
    wanted.push_back(is_new ? change.before.groups.size() - 1 : change.origin[i]);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

}  // namespace

RecoveredKey recover_for(const GroupChange& change, const DecryptionOrder& order, const RecipientRegistry& registry) {
  if (!keeps_polynomial(change)) return recover_shares(change.before, order, registry, {});
  RecoveredKey recovered = recover_shares(change.before, order, registry, wanted_groups(change));
  if (points(change, recovered.shares)) return recovered;
  std::vector<std::size_t> all(change.before.groups.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return recover_shares(change.before, order, registry, all);
}

void wrap_changed(GroupChange& change, const RecoveredKey& recovered, const RecipientRegistry& registry,
                  std::string_view phrase) {
  if (change.before.groups.size() == 1 && change.after.groups.size() == 1) {
    std::vector<SecretBytes> parts;
    parts.push_back(recovered.data_key.clone());
    return wrap_entries(change.after, parts, registry, phrase);
  }
  if (keeps_polynomial(change)) {
    if (const auto at = points(change, recovered.shares)) {
      change.after.threshold = change.before.threshold;
      return wrap_entries(change.after, shares_at(*at, recovered.shares), registry, phrase);
    }
  }
  for (KeyGroup& group : change.after.groups) {
    for (RecipientEntry& entry : group.entries) entry.enc.clear();
  }
  wrap_afresh(change.after, recovered.data_key, registry, phrase);
}

}  // namespace leafseal
