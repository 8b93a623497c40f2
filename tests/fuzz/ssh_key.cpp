// ssh keys: authorized_keys lines, the wire form, and private key files. Passphrases are left out: the rounds of their
// derivation are the file's to choose.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/base64.hpp"
#include "leafseal/error.hpp"
#include "recipients/age_ssh.hpp"

namespace {

void read_private(const std::string& text) {
  using namespace leafseal;
  try {
    const age::SshKeyFile file = age::inspect_ssh_key(SecretBytes::copy_of(text));
    if (!file.is_encrypted) static_cast<void>(age::read_ssh_key(file, {}));
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const std::string& line : {text, "ssh-ed25519 " + base64::encode(text), "ssh-rsa " + base64::encode(text)}) {
    try {
      const age::SshPublicKey key = age::parse_ssh_line(line);
      if (age::parse_ssh_wire(key.wire).wire != key.wire) __builtin_trap();
      static_cast<void>(age::parse_ssh_recipient(line));
    } catch (const Error&) {
    }
  }
  read_private(text);
  read_private("-----BEGIN OPENSSH PRIVATE KEY-----\n" + base64::encode(text) +
               "\n-----END OPENSSH PRIVATE KEY-----\n");
  return 0;
}
