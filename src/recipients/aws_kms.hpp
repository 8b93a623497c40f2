// AwsKmsRecipient: an entry of the metadata's `kms` list, for a key of AWS's Key Management Service (spec:
// recipients.md 5). `enc` is the service's ciphertext in base64.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/aws_access.hpp"

namespace leafseal {

// Asks nobody until the recipient is used. All arguments must outlive the result.
std::unique_ptr<Recipient> make_aws_kms_recipient(const RecipientEntry& entry, const Environment& environment,
                                                  AwsAccess& access);

// The region in the ARN of a key or an alias, not yet checked to be one; nothing for other texts.
std::optional<std::string> region_of_kms_arn(const std::string& arn);

}  // namespace leafseal
