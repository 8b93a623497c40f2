#include "recipients/age_ssh.hpp"

namespace leafseal::age {

std::unique_ptr<PublicKey> parse_ssh_recipient(std::string_view) {
  throw failure("ssh keys are not served by this build");
}

std::unique_ptr<Identity> parse_ssh_identity(SecretBytes, SshKeySource) {
  throw failure("ssh keys are not served by this build");
}

}  // namespace leafseal::age
