// A user's own age keys: making a new identity, and telling the recipients of those that are there (spec: recipients.md
// 3.2). Only X25519 identities; what a plugin or a passphrase keeps shut is not looked into.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "leafseal/environment.hpp"
#include "leafseal/secret.hpp"

namespace leafseal::age {

struct NewIdentity {
  SecretBytes text;  // three lines as age-keygen writes them
  std::string recipient;
};
NewIdentity new_identity(const std::string& created);

// Whether this is an age file, which holds its identities under a passphrase.
bool is_encrypted(std::string_view identity_file);
// The armored age file that holds `text` under a passphrase.
std::string under_passphrase(std::string_view text, SecretBytes passphrase);

struct OwnRecipient {
  std::string recipient;
  std::string place;  // the variable or file that holds its identity
};
// Of $SOPS_AGE_KEY, $SOPS_AGE_KEY_FILE and the user's own file, each once, in that order. Files that cannot be read or
// are shut are warned of and left out.
std::vector<OwnRecipient> own_recipients(const Environment& environment);

}  // namespace leafseal::age
