#include "recipients/registry.hpp"

#include "recipients/unserved_recipient.hpp"

namespace leafseal {

std::unique_ptr<Recipient> LocalRecipients::make(const RecipientEntry& entry) const {
  return make_unserved_recipient(entry);
}

}  // namespace leafseal
