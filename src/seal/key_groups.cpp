#include "leafseal/key_groups.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "leafseal/error.hpp"
#include "seal/recovery.hpp"
#include "seal/wrap_entries.hpp"

namespace leafseal {

DecryptionOrder DecryptionOrder::parse(std::string_view list) {
  DecryptionOrder order;
  if (list.empty()) return order;
  order.chosen = true;
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
