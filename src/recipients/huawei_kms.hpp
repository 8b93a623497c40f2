// HuaweiKmsRecipient: an entry of the metadata's `hckms` list, for a key of Huawei Cloud's Key Management Service (spec:
// recipients.md 9). `enc` is the service's cipher text as it is.
#pragma once

#include <memory>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/huawei_access.hpp"

namespace leafseal {

// Asks nobody until the recipient is used. All arguments must outlive the result.
std::unique_ptr<Recipient> make_huawei_kms_recipient(const RecipientEntry& entry, const Environment& environment,
                                                     HuaweiAccess& access);

}  // namespace leafseal
