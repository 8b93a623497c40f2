// Plugins: recipients `age1NAME1...` and identities `AGE-PLUGIN-NAME-1...` whose stanzas a program `age-plugin-NAME`
// makes and undoes, spoken to in stanzas over pipes (spec: recipients.md 3.6). The name comes from files, so it is
// checked before it becomes part of a program's name (security.md C7).
#pragma once

#include <memory>
#include <string_view>

#include "leafseal/environment.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {

// Throw Error{generic}. The environment must outlive the result.
std::unique_ptr<PublicKey> parse_plugin_recipient(std::string_view text, const Environment& environment);
std::unique_ptr<Identity> parse_plugin_identity(std::string_view text, const Environment& environment);

}  // namespace leafseal::age
