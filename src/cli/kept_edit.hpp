// Where an edit goes that cannot go into its file: beside it, encrypted and 0600, under a name of its own (F5).
#pragma once

#include <string>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

// Saves `sealed` as `secrets.kept-edit-1.yaml` beside `file`, or among the temporary files where that directory takes
// none. The suffix stays last if `same_type`, so decrypt knows the type. Gives the path, "" if nothing could be saved.
std::string keep_edit(const Environment& environment, const std::string& file, const std::string& sealed, bool same_type);

}  // namespace leafseal::cli
