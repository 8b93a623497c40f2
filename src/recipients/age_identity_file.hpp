// The text of an identity file: one identity a line, `#` comments, empty lines; or an age file that holds such a text
// under a passphrase.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/environment.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {

using Identities = std::vector<std::unique_ptr<Identity>>;

// In $SOPS_AGE_KEY several identities may stand in a line, divided by blanks.
enum class PerLine { one, several };

// `location` names the source in messages and prompts. An encrypted text becomes one identity that asks for the
// passphrase when it is needed. Throws Error{generic} "failed to parse 'LOCATION' age identities: ...".
Identities parse_identities(std::string_view text, const std::string& location, PerLine per_line,
                            const Environment& environment);

}  // namespace leafseal::age
