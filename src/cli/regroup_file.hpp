// What `groups add` and `groups delete` share: a sealed file read for a change of its key groups, and the change made.
// File names in messages are as they were given.
#pragma once

#include <functional>

#include "base/file.hpp"
#include "cli/command.hpp"
#include "leafseal/group_change.hpp"

namespace leafseal::cli {

inline constexpr std::array group_file_flags = std::to_array<Flag>({
    {"file", 'f', FlagKind::text, "", "FILE", "the file whose groups change"},
    {"in-place", 'i', FlagKind::toggle, "", "", "write the result into the file itself"},
    {"shamir-secret-sharing-threshold", '\0', FlagKind::number, "", "N", "how many key groups are needed to open"},
});

// Reads the file of --file, lets `plan` set the groups and threshold of `change.after`, which start as the file's, makes
// the wrapped keys that are missing, and writes the result to stdout or, with -i, into the file.
void regroup_file(Environment& environment, const CommandLine& line, const std::function<void(GroupChange&)>& plan);

}  // namespace leafseal::cli
