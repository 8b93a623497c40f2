// ssh keys as age keys: ssh-ed25519, whose point is mapped to X25519, and ssh-rsa with OAEP (spec: recipients.md 3.4).
// A stanza names its key by four bytes of the public key's hash, so a private key under a passphrase is asked for only
// when a stanza is for it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "recipients/age.hpp"

namespace leafseal::age {

// A line as in authorized_keys, comment included. Throws Error{generic} "malformed SSH recipient: ...".
std::unique_ptr<PublicKey> parse_ssh_recipient(std::string_view line);

struct SshKeySource {
  std::function<SecretBytes()> passphrase;     // asks for it; throws Error{generic} when it cannot be had
  std::function<std::string()> public_key;     // the text of the key's .pub file; throws Error{generic}
};

// A private key file: OpenSSH's own format, or PEM (PKCS #1 or #8). Throws Error{generic}; PassphraseMissing if it is
// encrypted and the source has no way to ask.
std::unique_ptr<Identity> parse_ssh_identity(SecretBytes file, SshKeySource source);

class PassphraseMissing : public Error {
 public:
  PassphraseMissing() : Error(ExitCode::generic, "ssh: this private key is passphrase protected") {}
};

}  // namespace leafseal::age
