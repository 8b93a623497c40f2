// A recipient of a kind that this release cannot serve. Documents that name one open through their other recipients,
// and its entry stays as it is.
#pragma once

#include <memory>

#include "leafseal/recipient.hpp"

namespace leafseal {

std::unique_ptr<Recipient> make_unserved_recipient(const RecipientEntry& entry);

}  // namespace leafseal
