// Whether a recipient is written as its service wants it, where that can be told without asking the service. Those that
// recipient_list makes have passed its checks; the rest would otherwise show only when a key is wrapped.
#pragma once

#include <string>

#include "leafseal/recipient.hpp"

namespace leafseal {

// What is wrong with it, or empty.
std::string syntax_flaw(const RecipientEntry& entry);

}  // namespace leafseal
