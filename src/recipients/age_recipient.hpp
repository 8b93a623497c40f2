// AgeRecipient: an entry of the metadata's `age` list. Wrapping needs the recipient's text alone; unwrapping tries all
// identities that can be found. The formats behind it are described in recipients/age.hpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "recipients/age_identities.hpp"

namespace leafseal {

// Throws Error{generic} with the reference's phrase if the text is no age recipient of any kind. Blanks around it are
// allowed; they are not part of what is stored.
void check_age_recipient(std::string_view text, const Environment& environment);

// The registry gives all its recipients one AgeIdentities. Entry, environment and identities must outlive the result.
std::unique_ptr<Recipient> make_age_recipient(const RecipientEntry& entry, const Environment& environment,
                                              AgeIdentities& identities);

}  // namespace leafseal
