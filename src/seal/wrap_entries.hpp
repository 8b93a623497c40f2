// Wrapping for the entries that have no wrapped key: the part that a new data key and a change of groups share.
// `phrase` stands before the bracketed list of what failed; each command of the reference has its own.
#pragma once

#include <string_view>
#include <vector>

#include "leafseal/key_groups.hpp"

namespace leafseal {

// parts[i] is what the recipients of group i wrap: their share, or the data key. A group whose entries all have their
// wrapped key needs none. Throws Error{generic} naming every recipient that failed, or an empty group.
void wrap_entries(KeyGroups& groups, const std::vector<SecretBytes>& parts, const RecipientRegistry& registry,
                  std::string_view phrase);

// For entries of which none has a wrapped key: splits the data key where there is more than one group. A threshold that
// is not given becomes the number of groups.
void wrap_afresh(KeyGroups& groups, const SecretBytes& data_key, const RecipientRegistry& registry,
                 std::string_view phrase);

}  // namespace leafseal
