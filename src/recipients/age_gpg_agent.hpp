// gpg-agent as a keeper of passphrases: its socket, and the two requests that an encrypted identity file needs (spec:
// recipients.md 3.2). One line out, one line back; texts are percent-encoded with + for a blank, the passphrase comes
// in hex.
#pragma once

#include <string>

#include "base/descriptor.hpp"
#include "leafseal/environment.hpp"
#include "leafseal/secret.hpp"

namespace leafseal::age {

class GpgAgent {
 public:
  // Looks for the agent at GPG_AGENT_INFO, ~/.gnupg and XDG_RUNTIME_DIR. No agent is no error.
  explicit GpgAgent(const Environment& environment);
  bool connected() const { return socket_.open(); }

  // From the agent's cache, or from the user through its dialogue. Throws Error{generic}.
  SecretBytes passphrase(const std::string& cache_id, const std::string& description);
  void forget(const std::string& cache_id);  // a failure does not matter

 private:
  void connect(const std::string& path);
  void send(const std::string& line);  // throws Error{generic}
  SecretBytes receive();               // a line without its break; throws Error{generic}
  void set_option(const std::string& name, const std::string& value);

  const Environment& environment_;
  Descriptor socket_;
};

}  // namespace leafseal::age
