// GroupChange: other recipients for a document whose data key stays (`updatekeys`, `groups`). Whoever stays keeps his
// wrapped key, byte for byte: with one group the data key is wrapped for the new recipients alone, and where the key is
// split their shares are points of the polynomial that is there already. Only another threshold, or the step from one
// group to several and back, makes all wrapped keys anew.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "leafseal/key_groups.hpp"

namespace leafseal {

struct GroupChange {
  static constexpr std::size_t added = static_cast<std::size_t>(-1);

  KeyGroups before;
  KeyGroups after;                  // an entry that needs a wrapped key has an empty `enc`
  std::vector<std::size_t> origin;  // of each group of `after`: its index in `before`, in ascending order; then `added`
};

// The data key, and the shares that the change needs as far as anybody gives them. Throws RecoveryFailure.
RecoveredKey recover_for(const GroupChange& change, const DecryptionOrder& order, const RecipientRegistry& registry);

// Fills in the missing wrapped keys of `change.after`. Throws Error{generic}, `phrase` in front of the reasons.
void wrap_changed(GroupChange& change, const RecoveredKey& recovered, const RecipientRegistry& registry,
                  std::string_view phrase);

}  // namespace leafseal
