// PgpRecipient: an entry of the metadata's `pgp` list, for a key that GnuPG holds (spec: recipients.md 2).
#pragma once

#include <memory>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"

namespace leafseal {

// Starts no program and opens no library until the recipient is used. Both arguments must outlive the result.
std::unique_ptr<Recipient> make_pgp_recipient(const RecipientEntry& entry, const Environment& environment);

}  // namespace leafseal
