// Whether a wrapped key has the form that its kind of recipient gives it (spec: recipients.md 1.1; security.md I11). An
// entry that somebody slipped into the metadata, to be given the next data key, mostly has not: only those who know the
// present data key can wrap it.
#pragma once

#include <string>

#include "leafseal/recipient.hpp"

namespace leafseal {

// What is wrong with `entry.enc`, to stand behind "the wrapped key of X"; empty if nothing is.
std::string wrapped_form_problem(const RecipientEntry& entry);

}  // namespace leafseal
