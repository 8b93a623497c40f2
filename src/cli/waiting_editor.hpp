// Graphical editors that hand the file to a running window and return at once must be told to wait, or the edit would
// be over before it began.
#pragma once

#include <string>
#include <vector>

namespace leafseal::cli {

// Puts the flag by which a known editor waits behind the program, where the user's own words do not hold it. Editors are
// known by the name of their program; what is not known is left as it is.
void ask_to_wait(std::vector<std::string>& words);

}  // namespace leafseal::cli
