// KeyGroups: who can open a document, in groups. With one group every recipient wraps the data key itself; with more,
// the key is split with Shamir's scheme into one share a group, and `threshold` groups are needed (format.md 12).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/recipient.hpp"
#include "leafseal/secret.hpp"

namespace leafseal {

struct KeyGroup {
  std::vector<RecipientEntry> entries;
  bool operator==(const KeyGroup&) const = default;
};

struct KeyGroups {
  std::vector<KeyGroup> groups;
  int threshold = 0;  // as stored; 0: not given

  bool operator==(const KeyGroups&) const = default;
};

// The order in which kinds are tried: the reference's --decryption-order. What the user chose decides over all groups;
// otherwise the cheapest recipients are asked first (UnwrapCost), and `kinds` orders those of one cost. Throws
// Error{duplicate_decryption_type}.
struct DecryptionOrder {
  std::vector<std::string> kinds = {"age", "pgp"};  // empty: as they stand
  bool chosen = false;
  static DecryptionOrder parse(std::string_view list);  // an empty list chooses nothing
};

// The `enc` of one recipient for the data key or its group's share, unwrapped again where an identity for it is at hand
// (security.md F3). Whatever writes a new wrap calls this. Throws Error{generic}.
std::string wrap_checked(const RecipientEntry& entry, const SecretBytes& part, const RecipientRegistry& registry);

// Wraps a new data key for every recipient of every group: fills each entry's `enc` and, with two groups or more and
// no threshold given, the threshold. Throws Error{generic} with the reference's phrase "Could not generate data key:
// [...]" naming every recipient that failed.
void wrap_all(KeyGroups& groups, const SecretBytes& data_key, const RecipientRegistry& registry);

// No data key: the reference's report as the message - each group, each recipient, each reason.
class RecoveryFailure : public Error {
 public:
  RecoveryFailure(std::string report, std::vector<std::string> hints, int needed_groups, std::size_t opened_groups)
      : Error(ExitCode::could_not_retrieve_key, std::move(report), std::move(hints)), needed(needed_groups),
        opened(opened_groups) {}
  int needed;          // groups, as the document states it; 0: it does not
  std::size_t opened;  // groups
};

// The data key, through the first recipient of each group that gives it; stops when enough groups did. Services of
// different groups are asked at the same time, nothing else is: no two prompts meet. Throws RecoveryFailure.
SecretBytes recover(const KeyGroups& groups, const DecryptionOrder& order, const RecipientRegistry& registry);

struct RecoveredKey {
  SecretBytes data_key;
  std::map<std::size_t, SecretBytes> shares;  // by the group's index, where the key is split
};
// The same with the shares that came to light. The groups in `wanted` are tried first and all of them.
RecoveredKey recover_shares(const KeyGroups& groups, const DecryptionOrder& order, const RecipientRegistry& registry,
                            const std::vector<std::size_t>& wanted);

}  // namespace leafseal
