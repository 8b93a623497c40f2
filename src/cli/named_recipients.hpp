// The recipients that a command line names, by one flag a kind: --age, --add-age, --rm-age and their like (spec: cli.md
// 2.2, 3.6, 3.8).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "leafseal/key_groups.hpp"

namespace leafseal::cli {

// What becomes of an --encryption-context that is not KEY:VALUE,...: Error{invalid_kms_context}, or a warning and none.
enum class BadContext { refused, dropped };

// `prefix` stands before the kind: "", "add-" or "rm-". A flag that may be repeated counts as one list. The entries have
// no wrapped key and no date yet. Throws Error{generic} for what is no recipient.
std::vector<RecipientEntry> named_recipients(const Environment& environment, const Options& options,
                                             std::string_view prefix, BadContext bad_context);

// The date that all kinds but age carry: when the recipient came to the file, RFC 3339.
void stamp_created(std::vector<RecipientEntry>& entries, const std::string& now);

}  // namespace leafseal::cli
