// Where ssh identities come from: a key file, whose passphrase may be asked for, or the output of a command, which must
// not be encrypted. Both throw Error{generic} with the reference's texts.
#pragma once

#include <memory>
#include <string>

#include "leafseal/environment.hpp"
#include "recipients/age.hpp"

namespace leafseal::age {

// `content` was read from `path`; a PEM file under a passphrase also needs the public key, `path`.pub.
std::unique_ptr<Identity> ssh_identity_from_file(SecretBytes content, const std::string& path,
                                                 const Environment& environment);
std::unique_ptr<Identity> ssh_identity_from_output(SecretBytes output);

}  // namespace leafseal::age
