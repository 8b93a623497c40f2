#include "recipients/registry.hpp"

#include "recipients/age_recipient.hpp"
#include "recipients/unserved_recipient.hpp"

namespace leafseal {

std::unique_ptr<Recipient> LocalRecipients::make(const RecipientEntry& entry) const {
  if (entry.kind == RecipientKind::age) return make_age_recipient(entry, environment_, identities_);
  return make_unserved_recipient(entry);
}

}  // namespace leafseal
